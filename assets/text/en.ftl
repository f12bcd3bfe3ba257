# The words of the till, English. Every message is declared in src/gui/text/words.rs.

## Times

moment-today = today { $time }
moment-tomorrow = tomorrow { $time }
moment-yesterday = yesterday { $time }
midnight = midnight
weekday = { $day ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
}
day-of-year = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $year }
span-minutes = { $count } min
span-hours = { $count } h
span-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

## Frame

tab-sell = Sell
tab-pick-ups = Pick-ups
tab-stock = Stock
tab-receipts = Receipts
tab-drawer = Drawer
till-number = Till { $number }
act-lock = Lock
tasks-count = { $count ->
    [0] no tasks
    [one] 1 task
   *[other] { $count } tasks
}
tasks-count-and-waiting = { $tasks } · { $count } waiting
version = v{ $version }

## Acts

act-back = Back
act-cancel = Cancel
act-confirm = Confirm
act-sign-in = Sign in
act-agree = Agree
act-other-page = { $page } of { $pages }
act-open = Open
act-show-order = Show the order
act-choose = Choose
act-undo = Undo
act-pay = Pay
act-park = Park
act-recall = { $count ->
    [0] Recall
   *[other] Recall { $count }
}
act-recall-first = Recall the first
act-set-quantity = Set { $quantity } ×
act-quantity = Quantity
act-price = Price
act-discount = Discount
act-remove = Remove
act-undo-scan = Undo scan
act-void = Void
act-keep-selling = Keep selling

## Selling

sale-title = Sale { $number }
sale-lines = Line
quantity-prefixed = { $quantity } × the next scan
items = { $count ->
    [one] 1 item
   *[other] { $count } items
}
total = Total
tax-included = incl. VAT { $amount }
tax-excluded = plus VAT { $amount }
basket-empty = Scan the first item
discount-reason = discount
reason-of-discount = Why { $percent } off?
reason-of-price = Why a price of { $price }?
price-typed = price typed in
price-from-label = price from its label
price-open = open
unit-price = { $price }/{ $unit }
favourites = Favourites
quick-key-letters = letters
quick-key-letters-brief = A–Z
sizes = sizes
panel-why = Why this price
panel-approved-by = approved by { $name }
panel-list-price = list price
panel-price-typed-by = typed in by { $name }
panel-price-agreed = agreed in { $order }
panel-pack = one scan is { $count } pieces
panel-discount-by = { $discount }, by { $name }
panel-not-stocked = No stock is kept of it
panel-movements = Last movements
panel-elsewhere = Other stores
panel-nowhere = none free
panel-hint = Type a number, then Quantity, Price or Discount
store-free-old = { $quantity } free · { $age } old
search-products = Scan, or type a code or a name
ask-quantity = How many? Type it, then Enter
ask-price = Which price? Type it, then Enter
ask-discount = How many percent off? Type it, then Enter
searching = Looking…
search-nothing = Nothing found for “{ $text }”. Try fewer letters.
hit-stock = shelf { $shelf }, free { $free }
hit-elsewhere = { $quantity } in other stores
parked-title = Parked baskets
parked-basket = { $time } · { $operator }
void-title = Void this basket?
void-explained = It stays in the journal, and nothing is sold. To come back to it later, park it instead.
sale-completed = Sale { $number } · { $amount }
sale-by-card = Paid by card
change = Change
next-sale-hint = The next scan begins the next sale
receipt-printed = Receipt printed
receipt-printing = Receipt is printing
receipt-waits = Receipt waits for the printer
change-drawer-by-key = Open the drawer with its key
receipt-in-doubt = Receipt may be incomplete: see tasks
receipt-not-printed = No receipt
mark-last-free = Last free one · the next is promised to { $order }, { $customer }, { $when }
mark-takes-promised = Promised to { $order }, { $customer }, { $when }
mark-sold-anyway = Selling anyway · { $order }, { $customer } will fall short
mark-deciding = Waiting for your decision
mark-hand-over = Hands over { $order }, { $customer }
mark-order-changed = { $order } has changed: take it out, then hand it over again
mark-books = books say { $quantity } on shelf

## Sign in and session

sign-in-title = Who is at the till?
next-person = Next person
next-person-brief = Next
sign-in-badge = or scan your badge
sign-in-badge-of = or scan your badge · { $count } people: swipe, or press Tab
sign-in-basket-waiting = A basket is open and waits for you
sign-in-basket-of = { $name }’s basket is open and waits
sign-in-choose = Choose your name
pin-choose-first = First choose a name: Tab, or its first letter.
sign-in-pin-of = { $name }’s PIN
sign-in-wrong-pin = Wrong PIN. Try again.
act-close-till = Close the till
close-till-title = Close the till?
close-till-kept = What was sold is kept. Started again, the till goes on from here.
close-till-basket = The open basket is kept too.
close-till-session = The session stays open. At the end of the day, sign in first and count the drawer (F5).
close-till-unsent = Not sent to central yet: { $count }. It goes out when the till is open again.
approval-title = Another person must agree
approval-asked-by = { $name } asks for it. The PIN holds for this once; { $name } stays signed in.
approval-count-asked-by = { $name } has counted blind. After the PIN the difference is shown: agree to it, or have it counted again.
approval-asked-because = { $name } asks for it: { $reason }
act-see-count = See the count
approval-count-title = { $name }, do you agree?
count-how-many = How many of { $worth }?
counted-by = Counted by { $name }
count-should-hold = Should be
count-books = The books say
count-difference = Difference
count-worth = Worth
count-limit = Allowed without approval
count-reason = Reason
approval-choose = Who agrees?
approval-discount = { $percent } off { $name }
approval-price = { $name } for { $price }
approval-sell-promised = Sell { $quantity } × { $product }
approval-falls-short = { $order }, { $customer } falls short
approval-paid-in = Pay { $amount } in
approval-paid-out = Pay { $amount } out
approval-to-safe = Take { $amount } to the safe
approval-no-sale = Open the drawer without a sale
approval-interim-report = Print the X report
approval-drop-document = Give up a document that must be printed
approval-port = { $device }: move to port { $port }
sign-in-wait = Wrong PIN. Wait { $seconds } s, then try again.
sign-in-not-tried = Not tried yet: wait { $seconds } s first.
sign-in-too-early = Too early, and not tried. Type it again.
open-session-title = What is in the drawer?
open-session-day = Count the float. Business day { $date }
open-session-without = Pick-ups, stock and receipts work without it
act-open-session = Open session

## Questions

question-age = Is the customer { $years } or older?
question-cash = { $amount } given for { $due }?
question-cash-change = That would be { $change } change. If it was a slip, go back and type it again.
question-float = { $amount } in the drawer to begin with?
question-float-explained = That is more than a drawer usually begins with. Was the decimal point forgotten?
question-born-by = Born on this day or before
act-old-enough = Old enough
act-amount-right = Amount is right
act-too-young = Too young
question-price = Price of { $name }
act-take-price = Take this price
question-weight = Weight of { $name }
question-how-much = How much { $name }?
act-take-quantity = Take this quantity
act-take-weight = Take this weight
question-which = Several products have this code. Which one?
question-may-be-sold = This basket may have been sold already
question-may-be-sold-why = It was begun { $begun }, and this till was since restored from an older copy. Look for a receipt with these goods, or ask the customer.
act-was-sold = It was sold
act-was-sold-caption = The basket is voided
act-was-not-sold = It was not sold
act-was-not-sold-caption = Go on with the basket

## Conflict

conflict-promised = This one is promised to a web order
conflict-promised-of = Promised to a web order: { $quantity } of these { $of }
conflict-books-empty = The books have none left, and web orders need it
conflict-all-held = None is free: { $held } held for pick-up
conflict-too-few = Only { $shelf } on the shelf, and web orders need it
as-of = as of { $when }
as-of-live = as of { $time }, live
as-of-old = as of { $when }, { $age } old: central is out of reach
as-of-never = never heard from central
figure-on-hand = on hand
figure-held = held
figure-held-in = held, bay { $bay }
figure-promised = promised
figure-in-basket = in this basket
figure-shelf = shelf
figure-free = free
conflict-out-of-box = Someone may have taken it out of its bay
conflict-scan-waiting = Waits until you have decided: { $what }
conflict-order-changed = This order no longer needs it. Look again.
conflict-hand-over-one = the customer here is { $name }
conflict-hand-over-two = the customer here is { $first } or { $second }
conflict-hand-over-any = the web customer is here
conflict-sell-short = { $order } will fall short; central is told
conflict-sell-asked = { $order } will fall short; a supervisor agrees
conflict-keep = for { $order }, prints a slip
conflict-keep-none = every order here has its unit
conflict-find-at = { $quantity } at { $store }, { $distance }, as of { $when }
conflict-find-none = no store is known to have one
distance-km = { $distance } km
act-hand-over-order = Hand over an order
act-sell-anyway = Sell anyway
act-keep = Keep for the order
act-find-another = Find another
act-line-out = Take the line out
act-take-out = Take { $quantity } of { $of } out
act-change-short = Another order falls short
hand-over-title = Hand over { $order } to { $name }
hand-over-due = { $amount } is still to pay: it comes into the sale.
hand-over-paid = Paid already: nothing to pay.
hand-over-nothing = Every line stays here: nothing to hand over. Take a line along, or go back.
hand-over-code-hint = Scan or type the collection code
hand-over-code-shown = Code shown
act-name-confirmed = Name is { $name }
act-hand-over = Hand over
find-another-title = Which store should send one?
find-another-whom = For whom? The name goes on the slip
act-without-name = Without a name
act-name-customer = Name the customer
asked-for-whom = for { $name }
store-free = { $quantity } free · { $distance } · as of { $when }
story-sold = sold
story-sold-at = sold at { $till }
story-returned = returned
story-handed-over = handed over
story-dispatched = sent
story-received = received
story-transferred = transferred
story-adjusted = counted
story-opening = opening figure
story-held = held for { $order }
story-released = back from { $order }

## Payment

to-pay = To pay
pay-cash = Cash: what the customer gives
pay-exact = Exact
pay-change = change { $amount }
pay-still = { $amount } short
pay-part-hint = Paying a part? Type the amount first.
remaining = Remaining
paid-in-cash = { $amount } paid in cash
paid-by-card = { $amount } paid by card
still-to-pay = { $amount } to pay
card-unanswered = The card terminal has { $amount }: say under Pay whether it approved
take-back = take back
act-take-back = Take back
take-back-title = Take { $amount } back off the card?
take-back-explained = The terminal has charged it already, and the till gives nothing back on a card: give it back on the terminal too.
act-card = Card
act-receipt = Receipt
act-gift-receipt = With gift receipt
act-no-receipt = No receipt
receipt-compulsory = The law here wants a receipt with every sale.
receipt-no-printer = No printer is set up: no receipt comes out.
tender-cash = Cash
tender-card = Card
tender-card-with = Card · { $reference }
card-title = On the card terminal
card-explained = Type this amount on the terminal: it charges the card, the till does not. When it says approved, press Enter: only then is it paid here.
card-reference-hint = Number on the terminal’s slip, if you like
act-card-approved = Approved
act-card-declined = Not approved

## Pick-ups

filter-to-pick = To pick
filter-picking = Picking
filter-short = Short
filter-ready = Ready
filter-lapsed = Lapsed
filter-cancelled = Cancelled
filter-all = All
search-orders = Scan, or type a name
queue-empty = No orders here
order-none-open = Choose an order, or scan its collection code
order-paid = paid
order-pays-on-collection = pays on collection
order-collects-by = collects by { $when }
order-collect-by = collect by { $when }
order-ordered = ordered { $when }
order-picker = { $name } is picking
order-at-risk = at risk
order-overdue = overdue
order-soon = soon
order-due = { $amount } due
order-paid-in-full = Paid
order-goods = Goods
order-discount = Discount of the order
order-charge = Charges of the order
order-prepaid = Paid before
order-tax = VAT
order-code-needed = code or name at hand-over
order-to-store = goes to another store
state-to-pick = to pick
state-picking = picking
state-short = short
state-ready = ready
state-ready-in = ready · { $bay }
state-part-handed-over = part handed over
state-handed-over = handed over
state-lapsed = lapsed
state-put-back = put back
state-cancelled = cancelled
state-packed = packed
state-dispatched = sent
order-held = { $count ->
    [one] 1 order line cannot be picked yet: head office is finding out what it is
   *[other] { $count } order lines cannot be picked yet: head office is finding out what they are
}
order-note = The customer writes: { $text }
step-received = received
step-picking = picking { $picked } of { $lines }
step-ready = ready
step-handed-over = handed over
picked-of = { $picked } of { $ordered }
line-shelf = shelf { $shelf }, promised { $promised }
line-picked = picked
line-scan-it = scan it
line-not-found = not found
line-handed-over = handed over
line-taken-off = taken off
line-put-back = put { $quantity } back
taken-off-by = taken off the order by { $channel }
line-goes = goes along
line-stays = stays here
line-not-picked = not picked
act-start-picking = Start picking
act-take-over = Take over from { $name }
act-pick-by-hand = By hand
act-not-found = Not found
act-slip = Slip
act-put-back = Put back
act-leave-in-bay = Leave it there
put-back-title = Put { $order } back on the shelf?
put-back-explained = The order ends here: { $customer } cannot collect it any more.
send-title = Does it still lie in { $bay }?
send-title-no-bay = Does it still lie here?
send-explained = Till { $till } set it aside. Without central nobody knows whether it was sent there already.
act-send-looked = It lies here: send it
act-send = Sent
act-has-come = It is here
ask-has-come = Has { $quantity } { $product } come from { $store }?
ask-has-come-explained = It goes into the books of this store: look that it is really here.
act-understood = Understood
act-ready = Ready
act-ready-in = Ready in { $bay }
act-ready-without = Ready without { $quantity }
act-customer-here = Customer is here
act-someone-else = Other person
bay-chosen = Bay { $bay }
bay-shared = { $bay }, with { $orders }
bay-none = No free bay
collector-typed = Collected by { $name }
act-leave-here = Leave it here
act-take-along = Take it along
history-title = History
history-by-central = central
history-ordered = ordered, { $channel }
history-pick-started = picking begun
history-picked = { $quantity } picked
history-kept = { $quantity } kept at the till, bay { $bay }
history-pick-undone = { $quantity } taken back
history-not-found = { $quantity } not found
history-ready = ready in { $bay }
history-ready-undone = ready taken back
history-handed-over-code = { $quantity } handed over, code shown
history-handed-over-name = { $quantity } handed over, name asked
history-collector = taken by { $name }
history-sent = { $quantity } sent
history-put-back = put back on the shelf
history-lapsed = not collected in time
history-cancelled = cancelled
history-at-risk = a unit was sold at the till
history-packed = packed
history-dispatched = sent with { $carrier }
history-paid-back = { $amount } given back

## Stock and receipts

search-stock = Type a name or a code, or scan
stock-hint = Look up a product: how many here, why, and where else
stock-none-open = Choose a product
story-none = Nothing yet
elsewhere-none = None known
search-receipts = No., amount, day, name
receipts-none = No receipts found. Try fewer digits, or an amount.
receipts-as-amount = { $count ->
    [one] 1 receipt of { $amount }
   *[other] { $count } receipts of { $amount }
}
receipts-as-day = { $count ->
    [one] 1 receipt of { $day }
   *[other] { $count } receipts of { $day }
}
receipts-hint = Choose a receipt to see it as it was printed
act-print-copy = Print a copy
act-print-gift-receipt = Gift receipt
act-yesterday = Yesterday
act-day-before = Day before
act-day-after = Day after

## Drawer

session-none = No session is open
drawer-hint = Choose what to do with the drawer
drawer-no-session = Open a session to take money
act-paid-in = Paid in
act-paid-out = Paid out
act-to-safe = To the safe
act-no-sale = No sale
act-close-session = Count and close
act-interim-report = X report
act-last-report = Last Z again
act-go-on-counting = Go on counting
act-open-drawer = Open drawer
act-next-note = Next
act-note-before = Before
act-finish-count = Close with this count
paid-in-title = How much goes into the drawer?
paid-out-title = How much comes out of the drawer?
to-safe-title = How much goes to the safe?
no-sale-title = Open the drawer without a sale
count-title = Count what is in the drawer
difference-title = The drawer is not what the books say
difference-explained = Count again, or say why. The amount is told when the session is closed.
act-count-again = Count again
act-close-so = Close
counted = Counted
count-left = { $count ->
    [one] 1 kind of note or coin not counted: taken as 0
   *[other] { $count } kinds of note and coin not counted: taken as 0
}
reason = Reason
reason-change = change brought in
reason-correction = correction
reason-post = post and parcels
reason-supplies = supplies
reason-refreshments = refreshments
reason-too-much-cash = too much cash in the drawer
reason-end-of-shift = end of shift
reason-give-change = give change
reason-check = check the drawer
reason-mistake = shut by mistake
reason-not-known = not known
reason-wrong-change = wrong change given
reason-not-booked = cash moved and not booked
reason-float-wrong = float was counted wrong
reason-drawer-test = drawer test
fact-opened = Opened
fact-business-day = Business day
fact-float = Float
fact-sales = Sales
fact-turnover = Turnover
fact-by-card = Of that by card

## Devices

devices-title = Devices
device-scanner = Scanner
device-printer = Printer
device-drawer = Drawer
device-proof = { $proof ->
    [field] tried in shops
    [bench] tried on the bench
   *[twin] not yet tried in a shop
}
since = since { $when }
paper-low = paper is running low
drawer-closed = closed
drawer-open = open
drawer-unknown = the printer does not tell whether it is open
drawer-by-key = opens with its key only: the printer is out of reach
drawer-at-printer = at the printer, pin { $pin }
scanner-types = types like a keyboard
health-ready = ready
health-opening = connecting
health-not-configured = not set up
health-not-configured-cure = choose its port to use it
health-gone = unplugged: plug it in, it will go on by itself
health-gone-torn = unplugged: plug it in, then see tasks
health-paper-out = paper out: load a roll, it will go on by itself
health-cover-open = cover open: close it, it will go on by itself
health-cutter = cutter stuck: clear the paper, then switch it off and on
health-fault = has a fault: switch it off and on; if it comes back, call support
health-hot = too hot: it will go on when it has cooled down
health-claimed = another program has it: close that program
health-wrong-speed = its speed is wrong: call support
health-unreadable = garbled: scan again, then look at its cable
health-silent = does not answer: is it switched on?
health-busy = not ready: press its paper feed key, or look at its lights
health-port = its port cannot be used: { $told }
health-settings = set up wrongly: choose its port anew
health-settings-told = set up wrongly: { $told }
health-profile-unknown = no model is called { $name }: choose its port anew
device-set-by = set by { $place }
device-nearest = nearest: { $names }
act-test-page = Test page
act-choose-port = Choose port
act-look-again = Look again
act-use-port = Use it
ports-title = { $device }: which port?
ports-port = Port
ports-profile = Profile
ports-none = No device is found on any port. Plug it in and switch it on, then look again.
ports-taken = in use: { $device }
ports-restart = The till starts again with it; the basket stays.
look-title = This screen
act-theme-now = Colours: { $set }
theme-day = day
theme-night = night
theme-high-contrast = high contrast
act-text-size-now = Text size: { $set }
text-size-normal = normal
text-size-large = large
act-language-now = Language: { $set }
language-name = English
act-speak = Speak { $language }
act-tones-on = Tones: on
act-tones-off = Tones: off
tones-no-player = No tones: this machine has no program that plays them. Install pipewire-bin, pulseaudio-utils or alsa-utils.

## Unfinished business

tasks-title = Unfinished business
tasks-none = Nothing is unfinished
task-receipt = Receipt { $number }
task-set-aside-slip = Set-aside slip, { $order }
task-bag-slip = Bag slip, { $order }
task-hand-over-slip = Hand-over slip, { $order }
task-transfer-slip = Slip of a request to another store
task-close-report = Z report
task-interim-report = X report
task-waits = not printed
task-waits-cure = it prints by itself when the printer is ready
task-waits-behind = waits behind: { $document }
task-waits-for = waits for the printer: { $cause }
task-printing = it is being printed
task-in-doubt = in doubt
task-in-doubt-cure = the printer went away in the middle: look at the paper, then print a copy, or say that none is needed
task-case = { $order } is short of { $quantity } { $product }
task-case-of = { $order }, { $customer }: { $quantity } { $product } missing
case-due = decide by { $when }
case-overdue = should have been decided { $when }
case-refused-by = { $store } has none to send
case-proposal = { $store } has { $quantity } free, as of { $when }
case-no-proposal = no other store is known to have it
act-false-alarm = It is here: false alarm
act-take-proposal = Ask { $store } to send { $quantity }
act-no-proposal = No store to ask
task-set-aside = Set { $quantity } { $product } aside for { $store }
task-send = Send { $quantity } { $product } to { $store }
task-set-aside-cure = asked by { $person }
task-transfer = { $quantity } { $product } from { $store }
task-transfer-requested-cure = asked for: not set aside there yet
task-transfer-to-ask-cure = they are asked when central is back
task-transfer-withdrawn-cure = they hear when central is back
task-transfer-none-free-cure = none are free there any more: ask another store, or tell the customer
task-transfer-set-aside-cure = set aside there, and not on its way yet
task-transfer-sent-cure = on its way: say when it is here
task-transfer-refused-cure = they could not find it: ask another store, or tell the customer
task-transfer-not-needed-cure = the case was decided before: nothing is sent
transfer-requested = asked for
transfer-to-ask = to be asked
transfer-withdrawn = withdrawn
transfer-none-free = none free
transfer-set-aside = set aside
transfer-sent = on its way
transfer-refused = not found
transfer-closed = closed
transfer-not-needed = not needed
request-title = Asked of another store
request-for-nobody = nobody by name
request-whom = For
request-by = Asked by
request-when = Asked
request-there = Number there
act-withdraw = Withdraw
ask-withdraw = Ask { $store } for { $quantity } { $product } no more?
ask-withdraw-explained = It leaves their queue, unless they have set it aside by then.
task-lapsed = { $order }, { $customer } did not come
task-lapsed-cure = call the customer, or put it back
task-lapsed-cure-in = in bay { $bay }: call the customer, or put it back
task-cancelled = { $order }, { $customer } is cancelled
task-cancelled-cure = put back what is picked
task-cancelled-cure-in = in bay { $bay }: put it back on the shelf
task-pay-back = { $order }, { $customer }: give { $amount } back
task-pay-back-cure = more was taken at the till than the order owed
task-to-pay-back = to give back
act-paid-back-cash = Give back in cash
act-give = Give { $amount }
act-paid-back-otherwise = On the card, or otherwise
ask-pay-back = Give { $amount } to { $customer } out of the drawer?
ask-pay-back-explained = The drawer opens, and it stands in the journal. The customer must be here.
ask-paid-back-otherwise = Has { $customer } got { $amount } back another way?
ask-paid-back-otherwise-explained = On the card terminal, or by head office. Nothing comes out of the drawer.
task-count = Count { $product }
task-count-cure = { $count ->
    [one] the books proved wrong: count what lies on the shelf
   *[other] the books proved wrong { $count } times: count what lies on the shelf
}
task-to-count = to count
stock-to-count = The books were wrong about it: it is to be counted, and until then they say nothing here. Look at the shelf, or count it.
task-drawer = The drawer is open
task-drawer-cure = close it
case-open = open
case-awaiting-decision = decide
case-re-sourced = served another way
case-back-ordered = back-ordered
case-substituted = substituted
case-cancelled = cancelled
case-false-alarm = false alarm
act-copy = Print a copy
act-drop = Not needed
ask-drop = Leave unprinted: { $document }?
ask-drop-explained = It is not printed any more, and the journal says who gave it up.
link-live = Live
link-connecting = Connecting
link-not-enrolled = On its own
link-refused = Refused by central
link-down = Offline
link-down-heard = Offline, last heard { $time }
all-sent = all sent
unsent = { $count } to send
unsent-oldest = { $count } to send, oldest { $time }
quarantined = { $count } not understood by central
fact-unsent = To central
fact-data-as-of = Data as of
fact-live = live
fact-live-heard = live, last news { $when }
fact-stock-and-orders = Stock and orders
fact-products-and-people = Products, prices, people
fact-other-stores = Other stores, oldest: { $store }
fact-quarantined = Not understood by central
fact-clock = This clock is ahead by
seconds = { $count } s
everything-works = Everything works
does-not-work = Does not work now
missing-other-stores = Other stores’ stock: shown as last heard
missing-central-full = Central’s disk is full: head office has to make room
missing-new-orders = New web orders: come when central is back
missing-requests = Requests to other stores: they hear when central is back
missing-zone = Local time: the zone { $name } is not known here, times are UTC
named-state = { $name }: { $state }

## Notices

notice-code-unknown = No product has the code { $code }. Search by name, or call a supervisor.
notice-code-refused = { $code } cannot be right. Scan it again.
notice-check-digit = { $code }: a digit is wrong. Scan it again, or type it again.
notice-verifier = The price on this label was misread. Scan it again, or weigh again.
notice-zero-value = This label says nothing to pay. Weigh it again.
notice-add-on = Only the small code was read. Scan the large one beside it.
notice-no-article = This code is not a product’s. Look for the code of the product.
notice-two-articles = This code names two products. Scan another code on it.
notice-scan-broken-off = Half a code came. Scan it again.
notice-scan-garbled = The scanner sends nonsense. Scan again; if it goes on, call a supervisor.
notice-scanned-twice = { $name } came twice. One too many? Press −.
notice-scan-waits = A scan waits. Answer the question first.
notice-answer-first = Answer the question first.
notice-scan-left-out = { $code } waited and was left out. Scan it again.
notice-amount-invalid = That cannot be an amount here. Type another.
notice-amount-is-code = That is a barcode, not an amount. Go back and scan it, then take the money.
notice-access-ended = Head office has ended { $name }’s access. Go on under another name.
notice-receipt-unknown = This till has no receipt { $number }. Look for it by amount or product.
notice-receipt-elsewhere = Receipt { $number } is of till { $till }. Look for it there.
notice-badge-unknown = Nobody here has this badge. Choose your name and type your PIN.
notice-badge-not-here = Somebody is signed in already. Lock the till first, then show your badge.
notice-scan-not-here = A scan adds nothing while the customer pays. Go back to selling first.
notice-scan-before-sign-in = Sign in first, then scan.
notice-scan-before-float = Count the float first (F1), then scan.
notice-scan-before-order = Choose an order first, then scan its items.
notice-expired = { $name } expired on { $date }: not sold. Take it off the shelf.
notice-not-allowed = Your role does not allow this.
notice-session-needed = That needs an open session. Press F1 and count the float.
notice-supervisor-needed = A supervisor must do this.
notice-reason-needed = Say what the price is changed for.
notice-above-cap = Your role may take off { $percent } at most. Ask a supervisor.
notice-card-too-much = More than is due. By card { $due } at most; only cash gives change.
notice-card-taken-back = Give { $amount } back on the card terminal too: the till itself gives nothing back on a card.
notice-card-at-terminal = The card terminal has { $amount }. Say under Pay whether it approved.
notice-label-is-one = The label of { $name } is for one. Take × back with Esc and scan each.
notice-tendered-already = Money was given already. Take it back first.
notice-wrong-item = { $name } is not in this order. Put it back.
notice-picked-already = All of { $name } is picked.
notice-picked-by = { $name } is picking { $order }. Enter takes it over.
notice-taken-off = { $name } was taken off this order. Put it back.
notice-order-cancelled = { $order } is cancelled. Put back what is picked.
notice-nothing-to-put-back = Nothing of this order lies here.
notice-nothing-to-pick = Nothing of { $order } is left to pick.
notice-receipt-compulsory = The law here wants a receipt with every sale: it prints.
notice-open-order-changed = { $order } has changed. Look at its lines again.
notice-wrong-collection-code = This code is not this order’s. Ask again, or ask for the name.
notice-slip-is-no-code = { $order } stands on every slip, and proves nothing. Scan the customer’s code, or ask the name.
notice-order-unknown = No order has this code or name. Check the customer’s message.
notice-order-not-here = This store has no order { $order }. Read the slip: it may be another store’s.
notice-order-is-sent = Order { $order } is sent to the customer. It is packed on central’s warehouse page.
notice-nothing-to-hand-over = Nothing is picked yet. Pick it first.
notice-nothing-chosen = Every line stays here: nothing was handed over. Take a line along first.
notice-items-held = { $count ->
    [one] 1 item of it is not known yet. Head office must match it first.
   *[other] { $count } items of it are not known yet. Head office must match them first.
}
notice-order-handed-over = { $order }: handed over to { $customer }
notice-kept-for-order = Kept for { $order }. Lay it in bay { $bay }.
notice-transfer-requested = { $store } is asked to send { $quantity }.
notice-transfer-to-ask = { $store } will be asked for { $quantity } when central is back.
notice-transfer-withdrawn = Request to { $store } withdrawn.
notice-transfer-to-withdraw = { $store } hears that when central is back, unless it is set aside by then.
notice-set-aside-there = { $store } has set it aside already: it comes. Call them to keep it there.
notice-on-its-way = It is on its way from { $store }. Take it in when it comes.
notice-set-aside-elsewhere = Till { $till } set it aside and may have sent it. Look whether it still lies here.
notice-false-alarm-noted = The case of { $order } is closed: it is here. Count the product when there is time.
notice-case-decided = Somebody has decided that case already.
notice-proposal-gone = { $store } has none free any more: the case of { $order } is open again.
notice-decided-before = The case of { $order } was decided before: { $decision }. Yours is not needed.
notice-transfer-sent = It is on its way to { $store }.
notice-transfer-not-here = They have not sent it yet.
notice-for-another-store = This one is for another store; no customer collects it.
notice-order-changed = { $order } has changed since. Take it out, then hand it over again.
notice-order-parked = { $order } is in a parked basket. Recall that basket.
notice-basket-parked = The basket is parked. { $key } brings it back.
notice-in-basket-already = { $order } is in the basket already.
notice-basket-restored = Your basket is back. Go on where you were.
notice-basket-of = This is { $name }’s basket. Finish it, or put it aside: { $key }.
notice-print-lost = A receipt may be incomplete. See tasks.
notice-no-printer = No printer is set up. Receipts are kept, and can be printed later.
notice-disk-full = The disk is full: nothing can be sold. Make room, then go on.
notice-disk-read-only = The disk cannot be written: nothing can be sold. Call support.
notice-numbers-go-on = Sales were made that this till’s file lacks. Receipts go on at { $number }; open baskets may be sold already.
notice-withdrawn = { $name } is not sold any more: only who ordered it can have it.
notice-basket-unreadable = The open basket cannot be read by this program and was set aside: ring it again.
notice-file-set-aside = Call support: the till’s file was damaged and is set aside as { $path }.
notice-settings-of-before = Call support: the store’s settings cannot be read here. Those of before hold on.
notice-settings-lost = Call support before you sell: the store’s settings cannot be read, and taxes are not known.
notice-not-saved = That could not be saved. Nothing has changed; try again.
notice-devices-simulated = The devices of this shop are simulated: they stay on their ports.
notice-port-not-kept = The settings are as they were: { $told }. Call support.
notice-zone-unknown = The time zone { $name } is not known here: times are UTC until head office corrects it.
notice-basket-open = A basket is open. Finish it or park it first.
notice-drawer-by-key = The drawer stays shut: the printer cannot open it now. Open it with its key.
notice-session-closed = Session closed: { $counted } counted, difference { $difference }.
notice-session-closed-exact = Session closed: { $counted } counted, as it should be.
notice-agreed = { $name } agreed.
notice-copy-printing = A copy of receipt { $number } is printing.
notice-gift-receipt-printing = A gift receipt for { $number } is printing.
notice-interim-printing = The X report is printing.
notice-close-report-printing = The last Z report is printing again.
notice-no-session-closed = No session was closed at this till yet.
refused-no-such-line = That line is not there any more.
refused-quantity-invalid = This quantity cannot be sold. Type another.
refused-price-invalid = This price is out of range. Type another.
refused-price-needed = This product needs a price. Type it.
refused-discount-invalid = This discount is out of range. Type another.
refused-full = The basket is full. Take the money for it first.
refused-currency-mismatch = This price is in another currency.
refused-quantity-fixed = The label fixes this quantity. Scan it again instead.

## Counts and reasons

act-count = Count
shelf-count-title = How many are on the shelf?
shelf-count-title-weighed = How much is on the shelf?
shelf-count-explained = Count only what is on the shelf. What the books say is told afterwards.
shelf-count-not-blind = Not blind: what the books say was on the stock screen. Count what is on the shelf all the same.
shelf-count-bin = Bin { $bin }
shelf-count-not-here = Not on the shelf, and not counted here
shelf-count-held = { $quantity } for { $order }, bay { $bay }
shelf-count-picked = { $quantity } picked for { $order }
shelf-count-baskets = { $quantity } in a basket at this till
shelf-count-nothing-else = Nothing of it lies in a bay or a basket here
act-take-count = Take the count
shelf-count-differs = The books say something else
shelf-count-differs-explained = Keep { $found }, or count again. The books’ figure is told after that.
act-count-stands = Keep { $found }
shelf-count-surplus = { $found } counted: more than the books say
shelf-count-loss = { $found } counted: less than the books say
shelf-count-stands = The figure stands. Say why; by how much is told when it is booked.
count-hint = Scan what is to be counted, or look it up
reason-found = found again
reason-taken-back = taken back without a note
reason-delivery-short = less delivered than written
reason-miscounted = counted wrong before
reason-gone = gone, nobody knows how
reason-damaged = damaged, thrown away
reason-other-product = sold or booked as another product
reason-delivery = more delivered than written
reason-own = in your own words
reason-left = { $count } characters left
act-give-reason = Give this reason
notice-stock-counted = { $name }: { $found } counted, not { $expected } ({ $worth }).
notice-stock-counted-exact = { $name }: { $found } counted, as the books say.
notice-moved-while-counting = { $name } moved by { $moved } meanwhile. Look again, and type what lies there now.
notice-not-counted = { $name } has no stock to count.
notice-count-first = Finish the count of { $name } first, or go back.
notice-count-by-typing = { $name } is being counted. A scan adds nothing: type how much lies there.
notice-count-again = { $approver } wants it counted again. Nothing is booked.
notice-reason-missing = Say what it is for.
notice-settings-unknown = This till does not know its store’s taxes yet. It sells once central has told them: check the network.
approval-close-session = Session of { $owner }: { $counted } counted
approval-count = { $name }: { $found } counted
session-title = Session of { $owner }
session-counts = counted { $count ->
    [one] once
   *[other] { $count } times
}
count-not-blind = { $name } has seen what it should hold ({ $when }): not a blind count, and the Z says so.
count-anew = Money has moved since it was counted in part: count anew.

## The counter beside the till, in the demo

counter-title = The counter, simulated
counter-good-beep = good beep
counter-bad-beep = bad beep
counter-code-hint = Type or paste any code, or part of a name
counter-tear-off = Tear off
counter-drawer-open = Drawer is open
counter-drawer-shut = Drawer is shut
counter-shut = Shut it
counter-turn-key = Open with the key
counter-paper-in = Paper in
counter-paper-take = take it out
counter-paper-out = Paper out
counter-paper-load = load a roll
counter-cover-shut = Cover shut
counter-cover-open-it = open it
counter-cover-open = Cover open
counter-cover-shut-it = shut it
counter-central-reached = Central reached
counter-central-cut-it = cut it off
counter-central-cut = Central cut
counter-central-mend-it = mend it
counter-printer-plugged = Printer in
counter-printer-pull = pull its cable
counter-printer-unplugged = Printer out
counter-printer-plug = plug it in
counter-scanner-plugged = Scanner in
counter-scanner-pull = pull its cable
counter-scanner-unplugged = Scanner out
counter-scanner-plug = plug it in
counter-scanner-clear = Scanner clear
counter-scanner-garble = garble it
counter-scanner-garbled = Scanner garbled
counter-scanner-mend = mend it
counter-goods = Goods
counter-customers = Customers

# The till did not start.
stopped-read-only = The till cannot write to its disk
stopped-read-only-cure = Nothing can be sold here until it can. Restart this machine once; if this comes again, call support: the disk is worn out, or the till may not write to its folder.
stopped-full = The till’s disk is full
stopped-full-cure = Make room on it, or call support. Then try again.
stopped-busy = Another program holds the till’s file
stopped-busy-cure = Is the till open in another window? Use that one, or close it. Then try again.
stopped-newer = A newer till has written this file
stopped-newer-cure = Install the newer program again: this one would not understand it all.
stopped-foreign = This file is not this till’s
stopped-foreign-cure = Call support: the till is looking in another till’s folder.
stopped-settings = The till’s settings cannot be read
stopped-settings-cure = { $told }. Put this line right, or call support. Then try again.
stopped-other = The till does not start
stopped-nothing-lost = What was sold is kept; nothing has been changed.
stopped-file = Its data: { $file }
act-try-again = Try again
act-close-window = Close
