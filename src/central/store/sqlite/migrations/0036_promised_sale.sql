-- Who may answer the conflict card with *sell anyway*: `anyone`, or `supervisor`, who agrees on the spot.
ALTER TABLE store ADD COLUMN promised_sale TEXT NOT NULL DEFAULT 'anyone';
