# De woorden van de kassa, Nederlands. Elk bericht is verklaard in src/gui/text/words.rs.

## Tijden

moment-today = vandaag { $time }
moment-tomorrow = morgen { $time }
moment-yesterday = gisteren { $time }
midnight = 24:00
weekday = { $day ->
    [1] ma
    [2] di
    [3] wo
    [4] do
    [5] vr
    [6] za
   *[7] zo
}
day-of-year = { $day } { $month ->
    [1] jan.
    [2] feb.
    [3] mrt.
    [4] apr.
    [5] mei
    [6] juni
    [7] juli
    [8] aug.
    [9] sep.
    [10] okt.
    [11] nov.
   *[12] dec.
} { $year }
span-minutes = { $count } min
span-hours = { $count } uur
span-days = { $count ->
    [one] 1 dag
   *[other] { $count } dagen
}

## Frame

tab-sell = Verkoop
tab-pick-ups = Afhalen
tab-stock = Voorraad
tab-receipts = Bonnen
tab-drawer = Lade
till-number = Kassa { $number }
act-lock = Vergrendel
tasks-count = { $count ->
    [0] niets open
    [one] 1 taak
   *[other] { $count } taken
}
tasks-count-and-waiting = { $tasks } · { $count } wachtend
version = v{ $version }

## Acts

act-back = Terug
act-cancel = Annuleer
act-confirm = Bevestigen
act-sign-in = Aanmelden
act-agree = Akkoord
act-other-page = { $page } van { $pages }
act-open = Openen
act-show-order = Bestelling tonen
act-choose = Kiezen
act-undo = Ongedaan
act-pay = Betalen
act-park = Later
act-recall = { $count ->
    [0] Hervat
   *[other] Hervat { $count }
}
act-recall-first = Hervat de eerste
act-set-quantity = { $quantity } × zetten
act-quantity = Aantal
act-price = Prijs
act-discount = Korting
act-remove = Wissen
act-undo-scan = Scan weg
act-void = Afbreken
act-keep-selling = Verder verkopen

## Selling

sale-title = Verkoop { $number }
sale-lines = Regel
quantity-prefixed = { $quantity } × de volgende scan
items = { $count ->
    [one] 1 artikel
   *[other] { $count } artikelen
}
total = Totaal
tax-included = incl. btw { $amount }
tax-excluded = plus btw { $amount }
basket-empty = Scan het eerste artikel
discount-reason = korting
reason-of-discount = Waarom { $percent } korting?
reason-of-price = Waarom een prijs van { $price }?
price-typed = prijs ingetypt
price-from-label = prijs van het etiket
price-open = open
unit-price = { $price }/{ $unit }
favourites = Favorieten
quick-key-letters = letters
quick-key-letters-brief = A–Z
sizes = maten
panel-why = Waarom deze prijs
panel-approved-by = goedgekeurd door { $name }
panel-list-price = lijstprijs
panel-price-typed-by = ingetypt door { $name }
panel-price-agreed = afgesproken in { $order }
panel-pack = één scan is { $count } stuks
panel-discount-by = { $discount }, door { $name }
panel-not-stocked = Hiervan is geen voorraad
panel-movements = Laatste mutaties
panel-elsewhere = Andere winkels
panel-nowhere = geen vrij
panel-hint = Typ een getal, dan Aantal, Prijs of Korting
store-free-old = { $quantity } vrij · { $age } oud
search-products = Scan, of typ een code of naam
ask-quantity = Hoeveel? Typ het, dan Enter
ask-price = Welke prijs? Typ hem, dan Enter
ask-discount = Hoeveel procent? Typ het, dan Enter
searching = Zoeken…
search-nothing = Niets gevonden voor “{ $text }”. Probeer minder letters.
hit-stock = schap { $shelf }, vrij { $free }
hit-elsewhere = { $quantity } in andere winkels
parked-title = Mandjes voor later
parked-basket = { $time } · { $operator }
void-title = Dit mandje afbreken?
void-explained = Het blijft in het journaal en er wordt niets verkocht. Wie later verder wil, kiest Later.
sale-completed = Verkoop { $number } · { $amount }
sale-by-card = Met kaart betaald
change = Wisselgeld
next-sale-hint = De volgende scan begint de volgende verkoop
receipt-printed = Bon geprint
receipt-printing = Bon wordt geprint
receipt-waits = Bon wacht op de printer
change-drawer-by-key = Open de lade met de sleutel
receipt-in-doubt = Bon misschien onvolledig: zie taken
receipt-not-printed = Geen bon
mark-last-free = Laatste vrije · de volgende is beloofd aan { $order }, { $customer }, { $when }
mark-takes-promised = Beloofd aan { $order }, { $customer }, { $when }
mark-sold-anyway = Toch verkopen · { $order }, { $customer } komt dan tekort
mark-deciding = Wacht op uw beslissing
mark-hand-over = Meegeven: { $order }, { $customer }
mark-order-changed = { $order } is gewijzigd: haal hem eruit en geef hem opnieuw mee
mark-books = volgens de boeken { $quantity } op het schap

## Sign in and session

sign-in-title = Wie staat er aan de kassa?
next-person = Volgende persoon
next-person-brief = Volgende
sign-in-badge = of scan uw badge
sign-in-badge-of = of scan je badge · { $count } mensen: veeg, of druk op Tab
sign-in-basket-waiting = Er staat een mandje open dat op u wacht
sign-in-basket-of = Het mandje van { $name } staat open
sign-in-choose = Kies uw naam
pin-choose-first = Kies eerst een naam: Tab, of de eerste letter ervan.
sign-in-pin-of = Pincode van { $name }
sign-in-wrong-pin = Verkeerde pincode. Nog eens.
act-close-till = Kassa sluiten
close-till-title = Kassa sluiten?
close-till-kept = Wat verkocht is, is bewaard. Opnieuw gestart gaat de kassa hier verder.
close-till-basket = Ook het open mandje blijft bewaard.
close-till-session = De sessie blijft open. Meld u aan het eind van de dag eerst aan en tel de lade (F5).
close-till-unsent = Nog niet naar de centrale gestuurd: { $count }. Dat gaat uit zodra de kassa weer open is.
approval-title = Iemand anders moet akkoord gaan
approval-asked-by = { $name } vraagt erom. De pincode geldt alleen deze keer; { $name } blijft aangemeld.
approval-count-asked-by = { $name } heeft blind geteld. Na de pincode staat het verschil er: ga akkoord of laat opnieuw tellen.
approval-asked-because = { $name } vraagt erom: { $reason }
act-see-count = Telling bekijken
approval-count-title = { $name }, akkoord?
count-how-many = Hoeveel van { $worth }?
counted-by = Geteld door { $name }
count-should-hold = Zou moeten zijn
count-books = De boeken zeggen
count-difference = Verschil
count-worth = Waarde
count-limit = Mag zonder akkoord
count-reason = Reden
approval-choose = Wie gaat akkoord?
approval-discount = { $percent } korting op { $name }
approval-price = { $name } voor { $price }
approval-sell-promised = Verkopen: { $quantity } × { $product }
approval-falls-short = { $order }, { $customer } komt tekort
approval-paid-in = { $amount } inleggen
approval-paid-out = { $amount } uitbetalen
approval-to-safe = { $amount } naar de kluis
approval-no-sale = Lade openen zonder verkoop
approval-interim-report = X-rapport printen
approval-drop-document = Een verplicht stuk opgeven
approval-port = { $device }: naar poort { $port }
sign-in-wait = Verkeerde pincode. Wacht { $seconds } s en probeer opnieuw.
sign-in-not-tried = Nog niet geprobeerd: wacht eerst { $seconds } s.
sign-in-too-early = Te vroeg, niet geprobeerd. Voer hem opnieuw in.
open-session-title = Wat zit er in de lade?
open-session-day = Tel het wisselgeld. Werkdag { $date }
open-session-without = Afhalen, voorraad en bonnen werken ook zonder
act-open-session = Kassa openen

## Questions

question-age = Is de klant { $years } of ouder?
question-cash = { $amount } gegeven voor { $due }?
question-cash-change = Dat is { $change } wisselgeld. Was het een vergissing, ga terug en typ opnieuw.
question-float = { $amount } in de lade om mee te beginnen?
question-float-explained = Dat is meer dan gewoonlijk. Is de komma vergeten?
question-born-by = Geboren op deze dag of eerder
act-old-enough = Oud genoeg
act-amount-right = Bedrag klopt
act-too-young = Te jong
question-price = Prijs van { $name }
act-take-price = Prijs overnemen
question-weight = Gewicht van { $name }
question-how-much = Hoeveel { $name }?
act-take-quantity = Aantal overnemen
act-take-weight = Gewicht overnemen
question-which = Meerdere artikelen hebben deze code. Welk is het?
question-may-be-sold = Dit mandje is misschien al verkocht
question-may-be-sold-why = Het is { $begun } begonnen, en deze kassa is sindsdien hersteld uit een oudere kopie. Zoek een bon met deze artikelen, of vraag het de klant.
act-was-sold = Het is verkocht
act-was-sold-caption = Het mandje wordt afgebroken
act-was-not-sold = Het is niet verkocht
act-was-not-sold-caption = Verder met het mandje

## Conflict

conflict-promised = Dit exemplaar is beloofd aan een webbestelling
conflict-promised-of = Toegezegd aan een webbestelling: { $quantity } van deze { $of }
conflict-books-empty = Volgens de boeken is het op, en webbestellingen hebben het nodig
conflict-all-held = Geen vrij: { $held } apart voor afhalers
conflict-too-few = Maar { $shelf } op de plank, en webbestellingen hebben het nodig
as-of = stand { $when }
as-of-live = stand { $time }, live
as-of-old = stand { $when }, { $age } oud: centrale onbereikbaar
as-of-never = nooit iets van de centrale gehoord
figure-on-hand = voorraad
figure-held = apart gelegd
figure-held-in = apart, vak { $bay }
figure-promised = beloofd
figure-in-basket = in dit mandje
figure-shelf = schap
figure-free = vrij
conflict-out-of-box = Misschien heeft iemand het uit het vak gehaald
conflict-scan-waiting = Wacht op uw besluit: { $what }
conflict-order-changed = Deze bestelling heeft het niet meer nodig. Kijk opnieuw.
conflict-hand-over-one = voor u staat { $name }
conflict-hand-over-two = voor u staat { $first } of { $second }
conflict-hand-over-any = de webklant is er
conflict-sell-short = { $order } komt tekort; de centrale hoort het
conflict-sell-asked = { $order } komt tekort; de leiding stemt in
conflict-keep = voor { $order }, print een briefje
conflict-keep-none = elke bestelling heeft haar stuk
conflict-find-at = { $quantity } in { $store }, { $distance }, stand { $when }
conflict-find-none = geen winkel heeft er een, voor zover bekend
distance-km = { $distance } km
act-hand-over-order = Meegeven
act-sell-anyway = Toch verkopen
act-keep = Apart leggen
act-find-another = Ander zoeken
act-line-out = Regel wissen
act-take-out = { $quantity } van { $of } eruit
act-change-short = Andere komt tekort
hand-over-title = { $order } meegeven aan { $name }
hand-over-due = Nog { $amount } te betalen: dat komt in de verkoop.
hand-over-paid = Al betaald: niets te betalen.
hand-over-nothing = Alles blijft hier: niets om mee te geven. Geef een regel mee, of ga terug.
hand-over-code-hint = Scan of typ de afhaalcode
hand-over-code-shown = Code getoond
act-name-confirmed = Naam is { $name }
act-hand-over = Meegeven
find-another-title = Welke winkel stuurt er een?
find-another-whom = Voor wie? De naam staat op de bon
act-without-name = Zonder naam
act-name-customer = Klant noemen
asked-for-whom = voor { $name }
store-free = { $quantity } vrij · { $distance } · stand { $when }
story-sold = verkocht
story-sold-at = verkocht aan { $till }
story-returned = teruggebracht
story-handed-over = meegegeven
story-dispatched = verzonden
story-received = ontvangen
story-transferred = overgeplaatst
story-adjusted = geteld
story-opening = beginstand
story-held = apart voor { $order }
story-released = terug van { $order }

## Payment

to-pay = Te betalen
pay-cash = Contant: wat de klant geeft
pay-exact = Gepast
pay-change = wisselgeld { $amount }
pay-still = nog { $amount }
pay-part-hint = Een deel betalen? Typ eerst het bedrag.
remaining = Rest
paid-in-cash = { $amount } contant betaald
paid-by-card = { $amount } met kaart betaald
still-to-pay = { $amount } te betalen
card-unanswered = De automaat heeft { $amount }: zeg bij Betalen of het lukte
take-back = neem terug
act-take-back = Neem terug
take-back-title = { $amount } van de kaart terugnemen?
take-back-explained = De automaat heeft het al afgeschreven, en de kassa geeft op een kaart niets terug: geef het ook op de automaat terug.
act-card = Pin
act-receipt = Bon
act-gift-receipt = Met ruilbon
act-no-receipt = Geen bon
receipt-compulsory = De wet eist hier een bon bij elke verkoop.
receipt-no-printer = Er is geen printer ingesteld: er komt geen bon uit.
tender-cash = Contant
tender-card = Pin
tender-card-with = Pin · { $reference }
card-title = Op de betaalautomaat
card-explained = Typ dit bedrag op de automaat: die schrijft het van de kaart af, de kassa niet. Staat er “goedgekeurd”, druk dan op Enter: pas dan is het hier betaald.
card-reference-hint = Nummer van de pinbon, als u wilt
act-card-approved = Goedgekeurd
act-card-declined = Niet goedgekeurd

## Pick-ups

filter-to-pick = Pakken
filter-picking = Wordt gepakt
filter-short = Tekort
filter-ready = Klaar
filter-lapsed = Verlopen
filter-cancelled = Geannuleerd
filter-all = Alle
search-orders = Scan, of typ een naam
queue-empty = Hier zijn geen bestellingen
order-none-open = Kies een bestelling of scan de afhaalcode
order-paid = betaald
order-pays-on-collection = betaalt bij afhalen
order-collects-by = afhalen vóór { $when }
order-collect-by = afhalen vóór { $when }
order-ordered = besteld { $when }
order-picker = { $name } pakt
order-at-risk = in gevaar
order-overdue = te laat
order-soon = binnenkort
order-due = { $amount } te betalen
order-paid-in-full = Betaald
order-goods = Artikelen
order-discount = Korting op de bestelling
order-charge = Kosten van de bestelling
order-prepaid = Al betaald
order-tax = btw
order-code-needed = meegeven met code of naam
order-to-store = gaat naar een andere winkel
state-to-pick = te pakken
state-picking = wordt gepakt
state-short = tekort
state-ready = klaar
state-ready-in = klaar · { $bay }
state-part-handed-over = deels meegegeven
state-handed-over = meegegeven
state-lapsed = verlopen
state-put-back = teruggelegd
state-cancelled = geannuleerd
state-packed = ingepakt
state-dispatched = verzonden
order-held = { $count ->
    [one] 1 regel kan nog niet gepakt worden: het hoofdkantoor zoekt uit wat het is
   *[other] { $count } regels kunnen nog niet gepakt worden: het hoofdkantoor zoekt uit wat het is
}
order-note = De klant schrijft: { $text }
step-received = ontvangen
step-picking = gepakt { $picked } van { $lines }
step-ready = klaar
step-handed-over = meegegeven
picked-of = { $picked } van { $ordered }
line-shelf = schap { $shelf }, beloofd { $promised }
line-picked = gepakt
line-scan-it = scan het
line-not-found = ontbreekt
line-handed-over = is mee
line-taken-off = geschrapt
line-put-back = { $quantity } terug
taken-off-by = door { $channel } uit de bestelling geschrapt
line-goes = gaat mee
line-stays = blijft hier
line-not-picked = niet gepakt
act-start-picking = Begin met pakken
act-take-over = Overnemen van { $name }
act-pick-by-hand = Met de hand
act-not-found = Niet gevonden
act-slip = Briefje
act-put-back = Terugleggen
act-leave-in-bay = Laten liggen
put-back-title = { $order } terugleggen in het schap?
put-back-explained = De bestelling eindigt dan: { $customer } kan haar niet meer ophalen.
send-title = Ligt het nog in { $bay }?
send-title-no-bay = Ligt het nog hier?
send-explained = Kassa { $till } legde het apart. Zonder centrale weet niemand of het daar al wegging.
act-send-looked = Ligt hier: sturen
act-send = Verstuurd
act-has-come = Het is er
ask-has-come = Is { $quantity } { $product } van { $store } er?
ask-has-come-explained = Het komt in de boeken van deze winkel: kijk of het er echt is.
act-understood = Begrepen
act-ready = Klaar
act-ready-in = Klaar in { $bay }
act-ready-without = Klaar zonder { $quantity }
act-customer-here = Klant is er
act-someone-else = Iemand anders
bay-chosen = Vak { $bay }
bay-shared = { $bay }, met { $orders }
bay-none = Geen vak vrij
collector-typed = Afgehaald door { $name }
act-leave-here = Hier laten
act-take-along = Toch meegeven
history-title = Verloop
history-by-central = hoofdkantoor
history-ordered = besteld, { $channel }
history-pick-started = pakken begonnen
history-picked = { $quantity } gepakt
history-kept = { $quantity } bij de kassa apart gelegd, vak { $bay }
history-pick-undone = { $quantity } teruggenomen
history-not-found = { $quantity } niet gevonden
history-ready = klaar in { $bay }
history-ready-undone = klaar teruggenomen
history-handed-over-code = { $quantity } meegegeven, code getoond
history-handed-over-name = { $quantity } meegegeven, naam gevraagd
history-collector = aan { $name }
history-sent = { $quantity } verstuurd
history-put-back = teruggelegd in het schap
history-lapsed = niet op tijd opgehaald
history-cancelled = geannuleerd
history-at-risk = een stuk is aan de kassa verkocht
history-packed = ingepakt
history-dispatched = verzonden met { $carrier }
history-paid-back = { $amount } teruggegeven

## Stock and receipts

search-stock = Typ een naam of code, of scan
stock-hint = Zoek een artikel op: hoeveel hier, waarom, en waar nog meer
stock-none-open = Kies een artikel
story-none = Nog niets
elsewhere-none = Geen bekend
search-receipts = Nr., bedrag, dag, naam
receipts-none = Geen bonnen gevonden. Probeer minder cijfers, of een bedrag.
receipts-as-amount = { $count ->
    [one] 1 bon van { $amount }
   *[other] { $count } bonnen van { $amount }
}
receipts-as-day = { $count ->
    [one] 1 bon van { $day }
   *[other] { $count } bonnen van { $day }
}
receipts-hint = Kies een bon om hem te zien zoals geprint
act-print-copy = Kopie printen
act-print-gift-receipt = Ruilbon
act-yesterday = Gisteren
act-day-before = Dag ervoor
act-day-after = Dag erna

## Drawer

session-none = Er is geen sessie open
drawer-hint = Kies wat er met de lade gebeurt
drawer-no-session = Open de kassa om geld aan te nemen
act-paid-in = Storting
act-paid-out = Uitgave
act-to-safe = Naar de kluis
act-no-sale = Alleen openen
act-close-session = Tellen en afsluiten
act-interim-report = X-rapport
act-last-report = Laatste Z weer
act-go-on-counting = Verder tellen
act-open-drawer = Lade openen
act-next-note = Verder
act-note-before = Vorige
act-finish-count = Afsluiten met deze telling
paid-in-title = Hoeveel gaat er in de lade?
paid-out-title = Hoeveel komt er uit de lade?
to-safe-title = Hoeveel gaat er naar de kluis?
no-sale-title = Lade openen zonder verkoop
count-title = Tel wat er in de lade zit
difference-title = De lade klopt niet met de boeken
difference-explained = Tel opnieuw, of zeg waarom. Het bedrag staat er na het afsluiten.
act-count-again = Opnieuw tellen
act-close-so = Afsluiten
counted = Geteld
count-left = { $count ->
    [one] 1 soort niet geteld: telt als 0
   *[other] { $count } soorten niet geteld: tellen als 0
}
reason = Reden
reason-change = wisselgeld gebracht
reason-correction = correctie
reason-post = post en pakketten
reason-supplies = benodigdheden
reason-refreshments = koffie en thee
reason-too-much-cash = te veel geld in de lade
reason-end-of-shift = einde dienst
reason-give-change = geld wisselen
reason-check = lade controleren
reason-mistake = per ongeluk gesloten
reason-not-known = niet bekend
reason-wrong-change = verkeerd teruggegeven
reason-not-booked = beweging niet geboekt
reason-float-wrong = wisselgeld verkeerd geteld
reason-drawer-test = ladetest
fact-opened = Geopend
fact-business-day = Werkdag
fact-float = Wisselgeld
fact-sales = Verkopen
fact-turnover = Omzet
fact-by-card = Waarvan met pin

## Devices

devices-title = Apparaten
device-scanner = Scanner
device-printer = Printer
device-drawer = Lade
device-proof = { $proof ->
    [field] in winkels beproefd
    [bench] op de werkbank beproefd
   *[twin] nog in geen winkel beproefd
}
since = sinds { $when }
paper-low = papier raakt op
drawer-closed = dicht
drawer-open = open
drawer-unknown = de printer meldt niet of hij open is
drawer-by-key = gaat alleen met de sleutel open: de printer is niet bereikbaar
drawer-at-printer = aan de printer, pen { $pin }
scanner-types = typt als een toetsenbord
health-ready = klaar
health-opening = verbindt
health-not-configured = niet ingesteld
health-not-configured-cure = kies de poort om het te gebruiken
health-gone = losgekoppeld: sluit aan, dan gaat het vanzelf verder
health-gone-torn = losgekoppeld: sluit aan, kijk dan bij taken
health-paper-out = papier op: leg een rol in, dan gaat het vanzelf verder
health-cover-open = klep open: sluit hem, dan gaat het vanzelf verder
health-cutter = mes klem: haal het papier weg, zet dan uit en aan
health-fault = storing: zet uit en aan; komt het terug, bel hulp
health-hot = te heet: het gaat verder als hij is afgekoeld
health-claimed = een ander programma houdt hem bezet: sluit dat
health-wrong-speed = zijn snelheid klopt niet: bel hulp
health-unreadable = onleesbaar: scan opnieuw, kijk dan naar de kabel
health-silent = antwoordt niet: staat hij aan?
health-busy = niet klaar: druk op de doorvoertoets of kijk naar de lampjes
health-port = de poort is onbruikbaar: { $told }
health-settings = verkeerd ingesteld: kies de poort opnieuw
health-settings-told = verkeerd ingesteld: { $told }
health-profile-unknown = geen model heet { $name }: kies de poort opnieuw
device-set-by = ingesteld door { $place }
device-nearest = dichtbij: { $names }
act-test-page = Testpagina
act-choose-port = Poort kiezen
act-look-again = Zoek weer
act-use-port = Gebruiken
ports-title = { $device }: welke poort?
ports-port = Poort
ports-profile = Profiel
ports-none = Op geen poort is een apparaat gevonden. Sluit het aan, zet het aan en zoek opnieuw.
ports-taken = in gebruik: { $device }
ports-restart = De kassa start ermee opnieuw; het mandje blijft.
look-title = Dit scherm
act-theme-now = Kleuren: { $set }
theme-day = dag
theme-night = nacht
theme-high-contrast = hoog contrast
act-text-size-now = Tekst: { $set }
text-size-normal = normaal
text-size-large = groot
act-language-now = Taal: { $set }
language-name = Nederlands
act-speak = { $language } gebruiken
act-tones-on = Tonen: aan
act-tones-off = Tonen: uit
tones-no-player = Geen tonen: deze computer heeft geen programma dat ze afspeelt. Installeer pipewire-bin, pulseaudio-utils of alsa-utils.

## Unfinished business

tasks-title = Nog te doen
tasks-none = Er is niets te doen
task-receipt = Bon { $number }
task-set-aside-slip = Apartlegbriefje, { $order }
task-bag-slip = Tasbriefje, { $order }
task-hand-over-slip = Overdrachtsbriefje, { $order }
task-transfer-slip = Briefje van een aanvraag bij een winkel
task-close-report = Z-rapport
task-interim-report = X-rapport
task-waits = niet geprint
task-waits-cure = hij wordt vanzelf geprint als de printer klaar is
task-waits-behind = wacht achter: { $document }
task-waits-for = wacht op de printer: { $cause }
task-printing = hij wordt geprint
task-in-doubt = twijfel
task-in-doubt-cure = de printer viel halverwege weg: kijk naar het papier, print dan een kopie, of zeg dat die niet nodig is
task-case = { $order } mist { $quantity } { $product }
task-case-of = { $order }, { $customer }: { $quantity } { $product } ontbreekt
case-due = beslissen vóór { $when }
case-overdue = had beslist moeten zijn { $when }
case-refused-by = { $store } heeft er geen te sturen
case-proposal = { $store } heeft { $quantity } vrij, stand { $when }
case-no-proposal = geen andere winkel bekend die het heeft
act-false-alarm = Het is hier: vals alarm
act-take-proposal = Vraag { $store } er { $quantity } te sturen
act-no-proposal = Geen winkel om te vragen
task-set-aside = Leg { $quantity } { $product } apart voor { $store }
task-send = Stuur { $quantity } { $product } naar { $store }
task-set-aside-cure = gevraagd door { $person }
task-transfer = { $quantity } { $product } van { $store }
task-transfer-requested-cure = gevraagd: daar nog niet apart gelegd
task-transfer-to-ask-cure = de winkel wordt gevraagd zodra de centrale terug is
task-transfer-withdrawn-cure = de winkel hoort het zodra de centrale terug is
task-transfer-none-free-cure = daar is er geen meer vrij: vraag een andere winkel, of zeg het de klant
task-transfer-set-aside-cure = daar apart gelegd, nog niet onderweg
task-transfer-sent-cure = onderweg: zeg het als het er is
task-transfer-refused-cure = daar niet gevonden: vraag een andere winkel, of zeg het de klant
task-transfer-not-needed-cure = de zaak was al beslist: er wordt niets gestuurd
transfer-requested = gevraagd
transfer-to-ask = nog te vragen
transfer-withdrawn = ingetrokken
transfer-none-free = geen vrij
transfer-set-aside = apart gelegd
transfer-sent = onderweg
transfer-refused = niet gevonden
transfer-closed = klaar
transfer-not-needed = niet nodig
request-title = Vraag aan een winkel
request-for-nobody = niemand met naam
request-whom = Voor
request-by = Gevraagd door
request-when = Gevraagd
request-there = Nummer daar
act-withdraw = Intrekken
ask-withdraw = { $store } niet meer om { $quantity } { $product } vragen?
ask-withdraw-explained = Het verdwijnt daar uit de lijst, tenzij het al apart ligt.
task-lapsed = { $order }, { $customer } kwam niet
task-lapsed-cure = bel de klant of leg het terug
task-lapsed-cure-in = in vak { $bay }: bel de klant of leg het terug
task-cancelled = { $order }, { $customer } is geannuleerd
task-cancelled-cure = leg terug wat gepakt is
task-cancelled-cure-in = in vak { $bay }: leg het terug in het schap
task-pay-back = { $order }, { $customer }: geef { $amount } terug
task-pay-back-cure = aan de kassa is meer geïnd dan er openstond
task-to-pay-back = terug te geven
act-paid-back-cash = Contant teruggeven
act-give = { $amount } geven
act-paid-back-otherwise = Op de kaart of anders
ask-pay-back = { $amount } uit de lade aan { $customer } geven?
ask-pay-back-explained = De lade gaat open, en het staat in het journaal. De klant moet er zijn.
ask-paid-back-otherwise = Heeft { $customer } { $amount } op een andere manier terug?
ask-paid-back-otherwise-explained = Via de betaalautomaat, of door het hoofdkantoor. Er komt niets uit de lade.
task-count = Tel { $product }
task-count-cure = { $count ->
    [one] de boeken klopten niet: tel wat er op het schap ligt
   *[other] de boeken klopten { $count } keer niet: tel wat er op het schap ligt
}
task-to-count = te tellen
stock-to-count = De boeken hadden het mis: dit artikel moet worden geteld, en tot dan zeggen ze niets. Kijk op het schap, of tel het.
task-drawer = De lade staat open
task-drawer-cure = sluit hem
case-open = open
case-awaiting-decision = beslissen
case-re-sourced = anders geleverd
case-back-ordered = nabesteld
case-substituted = vervangen
case-cancelled = geannuleerd
case-false-alarm = vals alarm
act-copy = Kopie printen
act-drop = Niet nodig
ask-drop = { $document } niet meer printen?
ask-drop-explained = Het wordt niet meer afgedrukt, en het journaal zegt wie het opgaf.
link-live = Live
link-connecting = Verbindt
link-not-enrolled = Op zichzelf
link-refused = Geweigerd door de centrale
link-down = Offline
link-down-heard = Offline, laatst gehoord { $time }
all-sent = alles verzonden
unsent = { $count } te verzenden
unsent-oldest = { $count } te verzenden, vanaf { $time }
quarantined = { $count } niet begrepen door de centrale
fact-unsent = Centrale
fact-data-as-of = Stand van de gegevens
fact-live = live
fact-live-heard = live, laatste nieuws { $when }
fact-stock-and-orders = Voorraad en bestellingen
fact-products-and-people = Artikelen, prijzen, personeel
fact-other-stores = Andere winkels, oudste: { $store }
fact-quarantined = Niet begrepen
fact-clock = Deze klok loopt voor
seconds = { $count } s
everything-works = Alles werkt
does-not-work = Werkt nu niet
missing-other-stores = Voorraad elders: zoals laatst gehoord
missing-central-full = De schijf van de centrale is vol: het hoofdkantoor moet ruimte maken
missing-new-orders = Nieuwe webbestellingen: komen als de centrale terug is
missing-requests = Vragen aan andere winkels: gaan uit als de centrale terug is
missing-zone = Plaatselijke tijd: de zone { $name } is hier onbekend, tijden zijn UTC
named-state = { $name }: { $state }

## Notices

notice-code-unknown = Geen artikel heeft code { $code }. Zoek op naam of roep hulp.
notice-code-refused = { $code } kan niet kloppen. Scan opnieuw.
notice-check-digit = { $code }: een cijfer klopt niet. Scan of typ opnieuw.
notice-verifier = De prijs op dit etiket is verkeerd gelezen. Scan of weeg opnieuw.
notice-zero-value = Op dit etiket staat geen prijs. Weeg opnieuw.
notice-add-on = Alleen de kleine code is gelezen. Scan de grote ernaast.
notice-no-article = Deze code is niet van een artikel. Zoek de artikelcode.
notice-two-articles = Deze code noemt twee artikelen. Scan een andere.
notice-scan-broken-off = Er kwam een halve code. Scan opnieuw.
notice-scan-garbled = De scanner zendt onzin. Scan opnieuw; blijft het zo, roep de leiding.
notice-scanned-twice = { $name } kwam twee keer. Eén te veel? Druk op −.
notice-scan-waits = Een scan wacht. Beantwoord eerst de vraag.
notice-answer-first = Beantwoord eerst de vraag.
notice-scan-left-out = { $code } wachtte en is weggelaten. Scan het opnieuw.
notice-amount-invalid = Dat kan hier geen bedrag zijn. Typ een ander.
notice-amount-is-code = Dat is een streepjescode, geen bedrag. Ga terug, scan die, en reken dan af.
notice-access-ended = { $name } heeft geen toegang meer. Ga verder met een andere naam.
notice-receipt-unknown = Deze kassa heeft geen bon { $number }. Zoek op bedrag of artikel.
notice-receipt-elsewhere = Bon { $number } is van kassa { $till }. Zoek hem daar.
notice-badge-unknown = Niemand hier heeft deze badge. Kies uw naam en typ uw pincode.
notice-badge-not-here = Er is al iemand aangemeld. Vergrendel eerst, toon dan uw badge.
notice-scan-not-here = Tijdens het betalen voegt een scan niets toe. Ga eerst terug naar verkoop.
notice-scan-before-sign-in = Meld u eerst aan en scan dan.
notice-scan-before-float = Tel eerst het wisselgeld (F1) en scan dan.
notice-scan-before-order = Kies eerst een bestelling en scan dan de artikelen.
notice-expired = { $name } is verlopen op { $date }: niet verkocht. Haal het van het schap.
notice-not-allowed = Uw rol staat dit niet toe.
notice-session-needed = Daarvoor moet de kassa open zijn. Druk op F1 en tel het wisselgeld.
notice-supervisor-needed = Dit moet een leidinggevende doen.
notice-reason-needed = Zeg waarom de prijs verandert.
notice-above-cap = Uw rol mag hoogstens { $percent } korting geven. Vraag een leidinggevende.
notice-card-too-much = Meer dan er openstaat. Met pin hoogstens { $due }; alleen contant geeft wisselgeld.
notice-card-taken-back = Maak { $amount } ook op de betaalautomaat ongedaan: de kassa zelf geeft met pin niets terug.
notice-card-at-terminal = Op de betaalautomaat staat { $amount }. Zeg bij betalen of het akkoord is.
notice-label-is-one = Het etiket van { $name } geldt voor één. Haal × weg met Esc, scan elk apart.
notice-tendered-already = Er is al betaald. Neem dat eerst terug.
notice-wrong-item = { $name } hoort niet bij deze bestelling. Leg het terug.
notice-picked-already = Alles van { $name } is gepakt.
notice-picked-by = { $name } pakt { $order }. Enter neemt het over.
notice-taken-off = { $name } is uit deze bestelling geschrapt. Leg het terug.
notice-order-cancelled = { $order } is geannuleerd. Leg terug wat gepakt is.
notice-nothing-to-put-back = Van deze bestelling ligt hier niets.
notice-nothing-to-pick = Voor { $order } is niets meer te pakken.
notice-receipt-compulsory = De wet eist hier een bon bij elke verkoop: die wordt geprint.
notice-open-order-changed = { $order } is gewijzigd. Bekijk de regels opnieuw.
notice-wrong-collection-code = Deze code hoort niet bij deze bestelling. Vraag opnieuw, of vraag de naam.
notice-slip-is-no-code = { $order } staat op elk strookje en bewijst niets. Scan de code van de klant, of vraag de naam.
notice-order-unknown = Geen bestelling heeft deze code of naam. Bekijk het bericht van de klant.
notice-order-not-here = Deze winkel heeft geen bestelling { $order }. Lees de bon: hij kan van een andere winkel zijn.
notice-order-is-sent = Bestelling { $order } wordt verzonden. Ze wordt ingepakt op de magazijnpagina van de centrale.
notice-nothing-to-hand-over = Er is nog niets gepakt. Pak het eerst.
notice-nothing-chosen = Alles blijft hier: er is niets meegegeven. Geef eerst een regel mee.
notice-items-held = { $count ->
    [one] 1 artikel is nog onbekend. Het hoofdkantoor moet het eerst koppelen.
   *[other] { $count } artikelen zijn nog onbekend. Het hoofdkantoor moet ze eerst koppelen.
}
notice-order-handed-over = { $order }: meegegeven aan { $customer }
notice-kept-for-order = Apart voor { $order }. Leg het in vak { $bay }.
notice-transfer-requested = { $store } is gevraagd er { $quantity } te sturen.
notice-transfer-to-ask = { $store } wordt om { $quantity } gevraagd zodra de centrale terug is.
notice-transfer-withdrawn = Verzoek aan { $store } ingetrokken.
notice-transfer-to-withdraw = { $store } hoort dat zodra de centrale terug is, tenzij het dan apart ligt.
notice-set-aside-there = { $store } heeft het al apart gelegd: het komt. Bel ze om het daar te houden.
notice-on-its-way = Het is onderweg van { $store }. Neem het aan als het komt.
notice-set-aside-elsewhere = Kassa { $till } legde het apart en heeft het misschien verstuurd. Kijk of het hier nog ligt.
notice-false-alarm-noted = De zaak van { $order } is gesloten: het is hier. Tel het artikel als er tijd is.
notice-case-decided = Iemand heeft al over die zaak beslist.
notice-proposal-gone = { $store } heeft er geen meer vrij: de zaak van { $order } is weer open.
notice-decided-before = De zaak van { $order } was al beslist: { $decision }. Die van hier is niet nodig.
notice-transfer-sent = Het is onderweg naar { $store }.
notice-transfer-not-here = Ze hebben het nog niet verstuurd.
notice-for-another-store = Dit is voor een andere winkel; geen klant haalt het op.
notice-order-changed = { $order } is gewijzigd. Haal hem eruit en geef hem opnieuw mee.
notice-order-parked = { $order } ligt in een mandje voor later. Haal dat mandje terug.
notice-basket-parked = Het mandje ligt klaar voor later. { $key } haalt het terug.
notice-in-basket-already = { $order } staat al in het mandje.
notice-basket-restored = Uw mandje is terug. Ga verder waar u was.
notice-basket-of = Dit is het mandje van { $name }. Rond het af, of leg het weg: { $key }.
notice-print-lost = Een bon is misschien onvolledig. Zie taken.
notice-no-printer = Er is geen printer ingesteld. Bonnen worden bewaard en kunnen later geprint worden.
notice-disk-full = De schijf is vol: verkopen gaat niet. Maak ruimte en ga verder.
notice-disk-read-only = De schijf is niet beschrijfbaar: verkopen gaat niet. Bel hulp.
notice-numbers-go-on = Dit kassabestand mist verkopen. Bonnen gaan door bij { $number }; een open mandje is misschien al verkocht.
notice-withdrawn = { $name } wordt niet meer verkocht: alleen wie het besteld heeft, krijgt het.
notice-basket-unreadable = Dit programma kan het open mandje niet lezen; het is apart gezet: sla het opnieuw aan.
notice-file-set-aside = Bel hulp: het bestand van de kassa was beschadigd en is weggezet als { $path }.
notice-settings-of-before = Bel hulp: de instellingen van de winkel zijn hier niet leesbaar. De vorige blijven gelden.
notice-settings-lost = Bel hulp voor u verkoopt: de instellingen zijn niet leesbaar, belastingen onbekend.
notice-not-saved = Dat kon niet worden opgeslagen. Er is niets veranderd; probeer opnieuw.
notice-devices-simulated = De apparaten van deze winkel zijn gesimuleerd: ze blijven op hun poort.
notice-port-not-kept = De instellingen zijn als voorheen: { $told }. Bel hulp.
notice-zone-unknown = De tijdzone { $name } is hier onbekend: tijden zijn UTC tot de centrale hem verbetert.
notice-basket-open = Er staat een mandje open. Rond het af of leg het weg voor later.
notice-drawer-by-key = De lade blijft dicht: de printer kan haar nu niet openen. Open haar met de sleutel.
notice-session-closed = Afgesloten: { $counted } geteld, verschil { $difference }.
notice-session-closed-exact = Afgesloten: { $counted } geteld, het klopt.
notice-agreed = { $name } ging akkoord.
notice-copy-printing = Een kopie van bon { $number } wordt geprint.
notice-gift-receipt-printing = Een ruilbon bij { $number } wordt geprint.
notice-interim-printing = Het X-rapport wordt geprint.
notice-close-report-printing = Het laatste Z-rapport wordt opnieuw geprint.
notice-no-session-closed = Aan deze kassa is nog niet afgesloten.
refused-no-such-line = Die regel is er niet meer.
refused-quantity-invalid = Dit aantal kan niet. Typ een ander.
refused-price-invalid = Deze prijs kan niet. Typ een andere.
refused-price-needed = Dit artikel heeft een prijs nodig. Typ hem.
refused-discount-invalid = Deze korting kan niet. Typ een andere.
refused-full = Het mandje is vol. Reken eerst af.
refused-currency-mismatch = Deze prijs is in een andere valuta.
refused-quantity-fixed = Het etiket legt het aantal vast. Scan het opnieuw.

## Tellingen en redenen

act-count = Tellen
shelf-count-title = Hoeveel liggen er op het schap?
shelf-count-title-weighed = Hoeveel ligt er op het schap?
shelf-count-explained = Tel alleen het schap. Wat de boeken zeggen, staat er daarna.
shelf-count-not-blind = Niet blind: wat de boeken zeggen, stond bij de voorraad. Tel toch wat er op het schap ligt.
shelf-count-bin = Plek { $bin }
shelf-count-not-here = Niet op het schap, hier niet meetellen
shelf-count-held = { $quantity } voor { $order }, vak { $bay }
shelf-count-picked = { $quantity } verzameld voor { $order }
shelf-count-baskets = { $quantity } in een mandje bij deze kassa
shelf-count-nothing-else = Er ligt niets van in een vak of mandje
act-take-count = Telling overnemen
shelf-count-differs = De boeken zeggen iets anders
shelf-count-differs-explained = Houd { $found }, of tel opnieuw. Wat de boeken zeggen, staat er daarna.
act-count-stands = { $found } houden
shelf-count-surplus = { $found } geteld: meer dan in de boeken
shelf-count-loss = { $found } geteld: minder dan in de boeken
shelf-count-stands = Het getal staat vast. Zeg waarom; hoeveel het scheelt, staat er na het boeken.
count-hint = Scan of zoek wat geteld wordt
reason-found = teruggevonden
reason-taken-back = zonder bon teruggenomen
reason-delivery-short = minder geleverd dan genoteerd
reason-miscounted = eerder verkeerd geteld
reason-gone = weg, niemand weet hoe
reason-damaged = beschadigd, weggegooid
reason-other-product = als ander artikel verkocht of geboekt
reason-delivery = meer geleverd dan genoteerd
reason-own = in eigen woorden
reason-left = nog { $count } tekens
act-give-reason = Deze reden geven
notice-stock-counted = { $name }: { $found } geteld, niet { $expected } ({ $worth }).
notice-stock-counted-exact = { $name }: { $found } geteld, zoals in de boeken.
notice-moved-while-counting = { $name } is { $moved } veranderd. Kijk nog eens en typ wat er nu ligt.
notice-not-counted = { $name } heeft geen voorraad om te tellen.
notice-count-first = Maak eerst de telling van { $name } af, of ga terug.
notice-count-by-typing = { $name } wordt geteld. Een scan telt niet mee: typ hoeveel er ligt.
notice-count-again = { $approver } laat opnieuw tellen. Er is niets geboekt.
notice-reason-missing = Zeg waarvoor het is.
notice-settings-unknown = Deze kassa kent de belastingen nog niet. Zodra de centrale ze meldt, verkoopt ze: controleer het netwerk.
approval-close-session = Sessie van { $owner }: { $counted } geteld
approval-count = { $name }: { $found } geteld
session-title = Sessie van { $owner }
session-counts = { $count ->
    [one] één keer
   *[other] { $count } keer
} geteld
count-not-blind = { $name } heeft gezien wat erin hoort ({ $when }): geen blinde telling, dat staat op de Z.
count-anew = Sinds de begonnen telling is er geld bewogen: tel opnieuw.

## The counter beside the till, in the demo

counter-title = De toonbank, nagebootst
counter-good-beep = goede piep
counter-bad-beep = slechte piep
counter-code-hint = Typ of plak een code, of een deel van een naam
counter-tear-off = Afscheuren
counter-drawer-open = Lade is open
counter-drawer-shut = Lade is dicht
counter-shut = Dichtdoen
counter-turn-key = Met sleutel openen
counter-paper-in = Papier erin
counter-paper-take = eruit halen
counter-paper-out = Papier op
counter-paper-load = rol plaatsen
counter-cover-shut = Klep dicht
counter-cover-open-it = openen
counter-cover-open = Klep open
counter-cover-shut-it = sluiten
counter-central-reached = Centrale bereikt
counter-central-cut-it = afsnijden
counter-central-cut = Centrale weg
counter-central-mend-it = herstellen
counter-printer-plugged = Printer vast
counter-printer-pull = kabel lostrekken
counter-printer-unplugged = Printer los
counter-printer-plug = kabel insteken
counter-scanner-plugged = Scanner vast
counter-scanner-pull = kabel lostrekken
counter-scanner-unplugged = Scanner los
counter-scanner-plug = kabel insteken
counter-scanner-clear = Scanner helder
counter-scanner-garble = storen
counter-scanner-garbled = Scanner gestoord
counter-scanner-mend = herstellen
counter-goods = Artikelen
counter-customers = Klanten

# The till did not start.
stopped-read-only = De kassa kan niet op haar schijf schrijven
stopped-read-only-cure = Tot het kan, wordt hier niets verkocht. Start deze machine één keer opnieuw; komt het terug, bel hulp: de schijf is versleten, of de kassa mag niet in haar map schrijven.
stopped-full = De schijf van de kassa is vol
stopped-full-cure = Maak ruimte of bel hulp. Probeer het dan opnieuw.
stopped-busy = Een ander programma houdt het bestand van de kassa vast
stopped-busy-cure = Staat de kassa in een ander venster open? Gebruik dat of sluit het. Probeer het dan opnieuw.
stopped-newer = Een nieuwere kassa heeft dit bestand geschreven
stopped-newer-cure = Installeer het nieuwere programma weer: dit zou niet alles begrijpen.
stopped-foreign = Dit bestand is niet van deze kassa
stopped-foreign-cure = Bel hulp: de kassa zoekt in de map van een ander.
stopped-settings = De instellingen van de kassa zijn niet leesbaar
stopped-settings-cure = { $told }. Zet deze regel recht, of roep hulp. Probeer het dan opnieuw.
stopped-other = De kassa start niet
stopped-nothing-lost = Wat verkocht is, is bewaard; er is niets veranderd.
stopped-file = Haar gegevens: { $file }
act-try-again = Opnieuw
act-close-window = Sluiten
