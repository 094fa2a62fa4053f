"""When it is due: schedules, subscriptions, plans and the ledger of deliveries."""
