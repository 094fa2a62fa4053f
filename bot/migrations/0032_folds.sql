-- The key of the message in which a delivery travelled with others; empty where it travelled alone, under its
-- own key. It is written with `on_wire`, and names every delivery that stands in that message.
ALTER TABLE deliveries ADD COLUMN fold TEXT NOT NULL DEFAULT '';
CREATE INDEX deliveries_folded ON deliveries (fold) WHERE fold <> '';
