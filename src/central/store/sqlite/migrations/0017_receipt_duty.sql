-- Whether a customer may go without a receipt: `on_wish` or `compulsory`.
ALTER TABLE store ADD COLUMN receipt_duty TEXT NOT NULL DEFAULT 'on_wish';
