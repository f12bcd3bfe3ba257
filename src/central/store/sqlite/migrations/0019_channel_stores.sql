-- The stores of a channel become a JSON array: between commas, a code that has one fell apart.
UPDATE channel SET stores = CASE WHEN stores = '' THEN '[]' ELSE '[' || replace(json_quote(stores), ',', '","') || ']' END;
