# Die Wörter der Kasse, Deutsch. Jede Nachricht ist in src/gui/text/words.rs erklärt.

## Zeiten

moment-today = heute { $time }
moment-tomorrow = morgen { $time }
moment-yesterday = gestern { $time }
midnight = 24:00
weekday = { $day ->
    [1] Mo
    [2] Di
    [3] Mi
    [4] Do
    [5] Fr
    [6] Sa
   *[7] So
}
day-of-year = { $day }. { $month ->
    [1] Jan.
    [2] Feb.
    [3] März
    [4] Apr.
    [5] Mai
    [6] Juni
    [7] Juli
    [8] Aug.
    [9] Sept.
    [10] Okt.
    [11] Nov.
   *[12] Dez.
} { $year }
span-minutes = { $count } min
span-hours = { $count } h
span-days = { $count ->
    [one] 1 Tag
   *[other] { $count } Tage
}

## Frame

tab-sell = Verkauf
tab-pick-ups = Abholung
tab-stock = Bestand
tab-receipts = Belege
tab-drawer = Lade
till-number = Kasse { $number }
act-lock = Sperren
tasks-count = { $count ->
    [0] nichts offen
    [one] 1 Aufgabe
   *[other] { $count } Aufgaben
}
tasks-count-and-waiting = { $tasks } · { $count } wartend
version = v{ $version }

## Acts

act-back = Zurück
act-cancel = Abbrechen
act-confirm = Bestätigen
act-sign-in = Anmelden
act-agree = Zustimmen
act-other-page = { $page } von { $pages }
act-open = Öffnen
act-show-order = Bestellung zeigen
act-choose = Wählen
act-undo = Rückgängig
act-pay = Zahlen
act-park = Parken
act-recall = { $count ->
    [0] Holen
   *[other] Holen { $count }
}
act-recall-first = Den ersten holen
act-set-quantity = { $quantity } × setzen
act-quantity = Menge
act-price = Preis
act-discount = Rabatt
act-remove = Löschen
act-undo-scan = Scan zurück
act-void = Storno
act-keep-selling = Weiter verkaufen

## Selling

sale-title = Verkauf { $number }
sale-lines = Zeile
quantity-prefixed = { $quantity } × der nächste Scan
items = { $count ->
    [one] 1 Artikel
   *[other] { $count } Artikel
}
total = Summe
tax-included = inkl. MwSt. { $amount }
tax-excluded = zzgl. MwSt. { $amount }
basket-empty = Den ersten Artikel scannen
discount-reason = Rabatt
reason-of-discount = Wofür { $percent } Rabatt?
reason-of-price = Wofür der Preis { $price }?
price-typed = Preis eingegeben
price-from-label = Preis vom Etikett
price-open = offen
unit-price = { $price }/{ $unit }
favourites = Favoriten
quick-key-letters = Buchstaben
quick-key-letters-brief = A–Z
sizes = Größen
panel-why = Warum dieser Preis
panel-approved-by = genehmigt von { $name }
panel-list-price = Listenpreis
panel-price-typed-by = eingegeben: { $name }
panel-price-agreed = vereinbart in { $order }
panel-pack = ein Scan sind { $count } Stück
panel-discount-by = { $discount }, { $name }
panel-not-stocked = Davon wird kein Bestand geführt
panel-movements = Letzte Bewegungen
panel-elsewhere = Andere Filialen
panel-nowhere = keine frei
panel-hint = Zahl tippen, dann Menge, Preis oder Rabatt
store-free-old = { $quantity } frei · { $age } alt
search-products = Scannen, Code oder Namen eingeben
ask-quantity = Wie viele? Eingeben, dann Enter
ask-price = Welcher Preis? Eingeben, dann Enter
ask-discount = Wie viel Prozent? Eingeben, dann Enter
searching = Suche…
search-nothing = Nichts gefunden für „{ $text }“. Mit weniger Buchstaben versuchen.
hit-stock = Regal { $shelf }, frei { $free }
hit-elsewhere = { $quantity } in anderen Filialen
parked-title = Geparkte Körbe
parked-basket = { $time } · { $operator }
void-title = Diesen Korb stornieren?
void-explained = Er bleibt im Journal, verkauft wird nichts. Wer später weitermachen will, parkt ihn.
sale-completed = Verkauf { $number } · { $amount }
sale-by-card = Mit Karte bezahlt
change = Rückgeld
next-sale-hint = Der nächste Scan beginnt den nächsten Verkauf
receipt-printed = Beleg gedruckt
receipt-printing = Beleg wird gedruckt
receipt-waits = Beleg wartet auf den Drucker
change-drawer-by-key = Lade mit dem Schlüssel öffnen
receipt-in-doubt = Beleg vielleicht unvollständig: siehe Aufgaben
receipt-not-printed = Kein Beleg
mark-last-free = Letztes freies Stück · das nächste ist { $order }, { $customer }, zugesagt, { $when }
mark-takes-promised = Zugesagt für { $order }, { $customer }, { $when }
mark-sold-anyway = Trotzdem verkaufen · { $order }, { $customer } geht dann leer aus
mark-deciding = Wartet auf Ihre Entscheidung
mark-hand-over = Übergabe { $order }, { $customer }
mark-order-changed = { $order } hat sich geändert: herausnehmen, dann neu übergeben
mark-books = laut Büchern { $quantity } im Regal

## Sign in and session

sign-in-title = Wer ist an der Kasse?
next-person = Nächste Person
next-person-brief = Nächste
sign-in-badge = oder Ausweis scannen
sign-in-badge-of = oder Ausweis scannen · { $count } Personen: wischen oder Tab
sign-in-basket-waiting = Ein Korb ist offen und wartet auf Sie
sign-in-basket-of = Der Korb von { $name } ist offen und wartet
sign-in-choose = Namen wählen
pin-choose-first = Erst den Namen wählen: Tab oder sein erster Buchstabe.
sign-in-pin-of = PIN von { $name }
sign-in-wrong-pin = Falsche PIN. Noch einmal.
act-close-till = Kasse schließen
close-till-title = Kasse schließen?
close-till-kept = Verkauftes ist aufbewahrt. Neu gestartet, macht die Kasse hier weiter.
close-till-basket = Auch der offene Korb bleibt erhalten.
close-till-session = Die Sitzung bleibt offen. Am Ende des Tages erst anmelden und die Lade zählen (F5).
close-till-unsent = Noch nicht an die Zentrale gesendet: { $count }. Das geht hinaus, sobald die Kasse wieder offen ist.
approval-title = Jemand anderes muss zustimmen
approval-asked-by = { $name } bittet darum. Die PIN gilt nur dieses Mal; { $name } bleibt angemeldet.
approval-count-asked-by = { $name } hat blind gezählt. Nach der PIN steht die Differenz da: zustimmen oder neu zählen lassen.
approval-asked-because = { $name } bittet darum: { $reason }
act-see-count = Zählung ansehen
approval-count-title = { $name }, stimmt das so?
count-how-many = Wie oft { $worth }?
counted-by = Gezählt von { $name }
count-should-hold = Sollte sein
count-books = Die Bücher sagen
count-difference = Differenz
count-worth = Wert
count-limit = Ohne Zustimmung erlaubt
count-reason = Grund
approval-choose = Wer stimmt zu?
approval-discount = { $percent } Rabatt auf { $name }
approval-price = { $name } für { $price }
approval-sell-promised = Verkaufen: { $quantity } × { $product }
approval-falls-short = { $order }, { $customer } geht leer aus
approval-paid-in = { $amount } einlegen
approval-paid-out = { $amount } auszahlen
approval-to-safe = { $amount } in den Tresor
approval-no-sale = Lade ohne Verkauf öffnen
approval-interim-report = X-Bericht drucken
approval-drop-document = Auf einen Pflichtbeleg verzichten
approval-port = { $device } an Anschluss { $port }
sign-in-wait = Falsche PIN. { $seconds } s warten, dann noch einmal.
sign-in-not-tried = Noch nicht geprüft: erst { $seconds } s warten.
sign-in-too-early = Zu früh, nicht geprüft. Noch einmal eingeben.
open-session-title = Was ist in der Lade?
open-session-day = Wechselgeld zählen. Geschäftstag { $date }
open-session-without = Abholungen, Bestand und Belege gehen auch ohne
act-open-session = Kasse öffnen

## Questions

question-age = Ist die Person { $years } oder älter?
question-cash = { $amount } für { $due } erhalten?
question-cash-change = Das wären { $change } Rückgeld. War es ein Tippfehler, zurück und neu eingeben.
question-float = { $amount } zu Beginn in der Schublade?
question-float-explained = Das ist mehr als üblich. Fehlt das Komma?
question-born-by = Geboren an diesem Tag oder früher
act-old-enough = Alt genug
act-amount-right = Betrag stimmt
act-too-young = Zu jung
question-price = Preis von { $name }
act-take-price = Preis übernehmen
question-weight = Gewicht von { $name }
question-how-much = Wie viel { $name }?
act-take-quantity = Menge übernehmen
act-take-weight = Gewicht übernehmen
question-which = Mehrere Artikel haben diesen Code. Welcher ist es?
question-may-be-sold = Dieser Korb ist vielleicht schon verkauft
question-may-be-sold-why = Er wurde { $begun } begonnen, und diese Kasse wurde seitdem aus einer älteren Kopie wiederhergestellt. Suchen Sie einen Beleg mit diesen Waren, oder fragen Sie nach.
act-was-sold = Er wurde verkauft
act-was-sold-caption = Der Korb wird storniert
act-was-not-sold = Er wurde nicht verkauft
act-was-not-sold-caption = Mit dem Korb weitermachen

## Conflict

conflict-promised = Dieses Stück ist einer Webbestellung zugesagt
conflict-promised-of = Einer Webbestellung zugesagt: { $quantity } von diesen { $of }
conflict-books-empty = Laut Büchern ist keins mehr da, und Webbestellungen brauchen es
conflict-all-held = Keins ist frei: { $held } für Abholer reserviert
conflict-too-few = Nur { $shelf } im Regal, und Webbestellungen brauchen es
as-of = Stand { $when }
as-of-live = Stand { $time }, live
as-of-old = Stand { $when }, { $age } alt: Zentrale nicht erreichbar
as-of-never = noch nie von der Zentrale gehört
figure-on-hand = im Bestand
figure-held = reserviert
figure-held-in = reserviert, { $bay }
figure-promised = zugesagt
figure-in-basket = in diesem Korb
figure-shelf = Regal
figure-free = frei
conflict-out-of-box = Vielleicht hat es jemand aus dem Fach genommen
conflict-scan-waiting = Wartet, bis Sie entschieden haben: { $what }
conflict-order-changed = Diese Bestellung braucht es nicht mehr. Noch einmal ansehen.
conflict-hand-over-one = vor Ihnen steht { $name }
conflict-hand-over-two = vor Ihnen steht { $first } oder { $second }
conflict-hand-over-any = der Webkunde ist da
conflict-sell-short = { $order } geht leer aus; die Zentrale erfährt es
conflict-sell-asked = { $order } geht leer aus; die Leitung stimmt zu
conflict-keep = für { $order }, druckt einen Zettel
conflict-keep-none = jede Bestellung hier hat ihr Stück
conflict-find-at = { $quantity } in { $store }, { $distance }, Stand { $when }
conflict-find-none = keine Filiale mit Bestand bekannt
distance-km = { $distance } km
act-hand-over-order = Übergeben
act-sell-anyway = Doch verkaufen
act-keep = Reservieren
act-find-another = Anderes suchen
act-line-out = Zeile heraus
act-take-out = { $quantity } von { $of } herausnehmen
act-change-short = Andere geht leer aus
hand-over-title = { $order } an { $name } übergeben
hand-over-due = { $amount } sind noch zu zahlen: sie kommen in den Verkauf.
hand-over-paid = Schon bezahlt: nichts zu zahlen.
hand-over-nothing = Alles bleibt hier: nichts zu übergeben. Eine Position mitgeben, oder zurück.
hand-over-code-hint = Abholcode scannen oder eingeben
hand-over-code-shown = Code gezeigt
act-name-confirmed = Name ist { $name }
act-hand-over = Übergeben
find-another-title = Welche Filiale soll eins schicken?
find-another-whom = Für wen? Der Name steht auf dem Zettel
act-without-name = Ohne Namen
act-name-customer = Kunden nennen
asked-for-whom = für { $name }
store-free = { $quantity } frei · { $distance } · Stand { $when }
story-sold = verkauft
story-sold-at = verkauft an { $till }
story-returned = zurückgegeben
story-handed-over = übergeben
story-dispatched = versandt
story-received = eingegangen
story-transferred = umgelagert
story-adjusted = gezählt
story-opening = Anfangsbestand
story-held = reserviert für { $order }
story-released = zurück von { $order }

## Payment

to-pay = Zu zahlen
pay-cash = Bar: was der Kunde gibt
pay-exact = Passend
pay-change = Rückgeld { $amount }
pay-still = { $amount } fehlen
pay-part-hint = Nur ein Teil? Zuerst den Betrag eingeben.
remaining = Rest
paid-in-cash = { $amount } bar bezahlt
paid-by-card = { $amount } mit Karte bezahlt
still-to-pay = { $amount } offen
card-unanswered = Am Kartenterminal sind { $amount }: unter Zahlen sagen, ob genehmigt
take-back = zurücknehmen
act-take-back = Stornieren
take-back-title = { $amount } von der Karte zurücknehmen?
take-back-explained = Das Terminal hat es schon belastet, und die Kasse gibt auf Karten nichts zurück: auch am Terminal zurückgeben.
act-card = Karte
act-receipt = Beleg
act-gift-receipt = Mit Umtauschbon
act-no-receipt = Kein Beleg
receipt-compulsory = Das Gesetz verlangt hier zu jedem Verkauf einen Beleg.
receipt-no-printer = Kein Drucker ist eingerichtet: es kommt kein Beleg heraus.
tender-cash = Bar
tender-card = Karte
tender-card-with = Karte · { $reference }
card-title = Am Kartenterminal
card-explained = Diesen Betrag am Terminal eingeben: Das Terminal belastet die Karte, nicht die Kasse. Meldet es „genehmigt“, Enter drücken: erst dann ist hier bezahlt.
card-reference-hint = Nummer vom Terminalbeleg, wenn gewünscht
act-card-approved = Genehmigt
act-card-declined = Nicht genehmigt

## Pick-ups

filter-to-pick = Zu packen
filter-picking = Wird gepackt
filter-short = Fehlt
filter-ready = Bereit
filter-lapsed = Verfallen
filter-cancelled = Storniert
filter-all = Alle
search-orders = Scannen oder Name
queue-empty = Hier sind keine Bestellungen
order-none-open = Bestellung wählen oder ihren Abholcode scannen
order-paid = bezahlt
order-pays-on-collection = zahlt bei Abholung
order-collects-by = holt ab bis { $when }
order-collect-by = abholen bis { $when }
order-ordered = bestellt { $when }
order-picker = { $name } packt
order-at-risk = in Gefahr
order-overdue = überfällig
order-soon = bald
order-due = { $amount } offen
order-paid-in-full = Bezahlt
order-goods = Ware
order-discount = Rabatt der Bestellung
order-charge = Zuschläge der Bestellung
order-prepaid = Schon bezahlt
order-tax = MwSt.
order-code-needed = Übergabe mit Code oder Name
order-to-store = geht an eine andere Filiale
state-to-pick = zu packen
state-picking = wird gepackt
state-short = fehlt
state-ready = bereit
state-ready-in = bereit · { $bay }
state-part-handed-over = teils übergeben
state-handed-over = übergeben
state-lapsed = verfallen
state-put-back = im Regal
state-cancelled = storniert
state-packed = verpackt
state-dispatched = versandt
order-held = { $count ->
    [one] 1 Position ist noch nicht zu packen: die Zentrale klärt, was gemeint ist
   *[other] { $count } Positionen sind noch nicht zu packen: die Zentrale klärt, was gemeint ist
}
order-note = Der Kunde schreibt: { $text }
step-received = erhalten
step-picking = gepackt { $picked } von { $lines }
step-ready = bereit
step-handed-over = übergeben
picked-of = { $picked } von { $ordered }
line-shelf = Regal { $shelf }, zugesagt { $promised }
line-picked = gepackt
line-scan-it = scannen
line-not-found = fehlt
line-handed-over = übergeben
line-taken-off = gestrichen
line-put-back = { $quantity } ins Regal
taken-off-by = von { $channel } aus der Bestellung gestrichen
line-goes = geht mit
line-stays = bleibt hier
line-not-picked = nicht gepackt
act-start-picking = Packen beginnen
act-take-over = Von { $name } übernehmen
act-pick-by-hand = Von Hand
act-not-found = Fehlt
act-slip = Zettel
act-put-back = Ins Regal
act-leave-in-bay = Liegen lassen
put-back-title = { $order } zurück ins Regal?
put-back-explained = Die Bestellung endet damit: { $customer } kann sie nicht mehr abholen.
send-title = Liegt es noch in { $bay }?
send-title-no-bay = Liegt es noch hier?
send-explained = Kasse { $till } hat es beiseitegelegt. Ohne Zentrale weiß niemand, ob es dort schon abging.
act-send-looked = Liegt hier: schicken
act-send = Abgeschickt
act-has-come = Es ist da
ask-has-come = Ist { $quantity } { $product } von { $store } da?
ask-has-come-explained = Es kommt in die Bücher dieser Filiale: bitte nachsehen, dass es da ist.
act-understood = Verstanden
act-ready = Bereit
act-ready-in = Bereit in { $bay }
act-ready-without = Bereit ohne { $quantity }
act-customer-here = Kunde ist da
act-someone-else = Jemand anders
bay-chosen = Fach { $bay }
bay-shared = { $bay }, mit { $orders }
bay-none = Kein Fach frei
collector-typed = Abgeholt von { $name }
act-leave-here = Hierlassen
act-take-along = Doch mitgeben
history-title = Verlauf
history-by-central = Zentrale
history-ordered = bestellt, { $channel }
history-pick-started = Packen begonnen
history-picked = { $quantity } gepackt
history-kept = { $quantity } an der Kasse reserviert, { $bay }
history-pick-undone = { $quantity } zurückgenommen
history-not-found = { $quantity } nicht gefunden
history-ready = bereit in { $bay }
history-ready-undone = bereit zurückgenommen
history-handed-over-code = { $quantity } übergeben, Code gezeigt
history-handed-over-name = { $quantity } übergeben, Name erfragt
history-collector = mitgenommen von { $name }
history-sent = { $quantity } abgeschickt
history-put-back = zurück ins Regal
history-lapsed = nicht rechtzeitig abgeholt
history-cancelled = storniert
history-at-risk = ein Stück wurde an der Kasse verkauft
history-packed = verpackt
history-dispatched = versandt mit { $carrier }
history-paid-back = { $amount } zurückgegeben

## Stock and receipts

search-stock = Name oder Code eingeben
stock-hint = Einen Artikel nachsehen: wie viele hier, warum, und wo sonst
stock-none-open = Artikel wählen
story-none = Noch nichts
elsewhere-none = Keine bekannt
search-receipts = Nr., Betrag, Tag, Name
receipts-none = Keine Belege gefunden. Weniger Ziffern oder einen Betrag versuchen.
receipts-as-amount = { $count ->
    [one] 1 Beleg über { $amount }
   *[other] { $count } Belege über { $amount }
}
receipts-as-day = { $count ->
    [one] 1 Beleg vom { $day }
   *[other] { $count } Belege vom { $day }
}
receipts-hint = Beleg wählen, um ihn wie gedruckt zu sehen
act-print-copy = Kopie drucken
act-print-gift-receipt = Umtauschbon
act-yesterday = Gestern
act-day-before = Tag davor
act-day-after = Tag danach

## Drawer

session-none = Keine Sitzung ist offen
drawer-hint = Wählen, was mit der Lade geschieht
drawer-no-session = Die Kasse öffnen, um Geld anzunehmen
act-paid-in = Einlage
act-paid-out = Entnahme
act-to-safe = In den Tresor
act-no-sale = Nur öffnen
act-close-session = Zählen und abschließen
act-interim-report = X-Bericht
act-last-report = Letzter Z erneut
act-go-on-counting = Weiterzählen
act-open-drawer = Lade öffnen
act-next-note = Weiter
act-note-before = Davor
act-finish-count = Mit dieser Zählung abschließen
paid-in-title = Wie viel kommt in die Lade?
paid-out-title = Wie viel kommt aus der Lade?
to-safe-title = Wie viel geht in den Tresor?
no-sale-title = Lade ohne Verkauf öffnen
count-title = Zählen, was in der Lade ist
difference-title = Die Lade stimmt nicht mit den Büchern
difference-explained = Neu zählen, oder den Grund nennen. Der Betrag steht nach dem Abschluss da.
act-count-again = Neu zählen
act-close-so = Abschließen
counted = Gezählt
count-left = { $count ->
    [one] 1 Sorte nicht gezählt: gilt als 0
   *[other] { $count } Sorten nicht gezählt: gelten als 0
}
reason = Grund
reason-change = Wechselgeld gebracht
reason-correction = Korrektur
reason-post = Post und Pakete
reason-supplies = Bedarf
reason-refreshments = Getränke
reason-too-much-cash = zu viel Bargeld in der Lade
reason-end-of-shift = Schichtende
reason-give-change = Geld wechseln
reason-check = Lade prüfen
reason-mistake = versehentlich geschlossen
reason-not-known = nicht bekannt
reason-wrong-change = falsch herausgegeben
reason-not-booked = Bewegung nicht gebucht
reason-float-wrong = Wechselgeld falsch gezählt
reason-drawer-test = Ladentest
fact-opened = Geöffnet
fact-business-day = Geschäftstag
fact-float = Wechselgeld
fact-sales = Verkäufe
fact-turnover = Umsatz
fact-by-card = Davon mit Karte

## Devices

devices-title = Geräte
device-scanner = Scanner
device-printer = Drucker
device-drawer = Lade
device-proof = { $proof ->
    [field] in Läden erprobt
    [bench] auf der Werkbank erprobt
   *[twin] noch in keinem Laden erprobt
}
since = seit { $when }
paper-low = Papier geht zur Neige
drawer-closed = zu
drawer-open = offen
drawer-unknown = der Drucker meldet nicht, ob sie offen ist
drawer-by-key = geht nur mit dem Schlüssel auf: der Drucker ist nicht erreichbar
drawer-at-printer = am Drucker, Stift { $pin }
scanner-types = tippt wie eine Tastatur
health-ready = bereit
health-opening = verbindet
health-not-configured = nicht eingerichtet
health-not-configured-cure = zum Benutzen den Anschluss wählen
health-gone = ausgesteckt: einstecken, es geht von selbst weiter
health-gone-torn = ausgesteckt: einstecken, dann siehe Aufgaben
health-paper-out = Papier leer: Rolle einlegen, es geht von selbst weiter
health-cover-open = Deckel offen: schließen, es geht von selbst weiter
health-cutter = Messer klemmt: Papier entfernen, dann aus- und einschalten
health-fault = Fehler: aus- und einschalten; kommt er wieder, Hilfe rufen
health-hot = zu heiß: es geht weiter, wenn er abgekühlt ist
health-claimed = ein anderes Programm hat den Anschluss: dieses beenden
health-wrong-speed = seine Geschwindigkeit ist falsch: Hilfe rufen
health-unreadable = unlesbar: noch einmal scannen, dann das Kabel prüfen
health-silent = antwortet nicht: ist es eingeschaltet?
health-busy = nicht bereit: Vorschubtaste drücken oder die Lampen ansehen
health-port = der Anschluss ist nicht nutzbar: { $told }
health-settings = falsch eingerichtet: Anschluss neu wählen
health-settings-told = falsch eingerichtet: { $told }
health-profile-unknown = kein Modell heißt { $name }: Anschluss neu wählen
device-set-by = eingestellt durch { $place }
device-nearest = am nächsten: { $names }
act-test-page = Testseite
act-choose-port = Anschluss wählen
act-look-again = Neu suchen
act-use-port = Verwenden
ports-title = { $device }: welcher Anschluss?
ports-port = Anschluss
ports-profile = Profil
ports-none = An keinem Anschluss ist ein Gerät. Stecken Sie es ein, schalten Sie es an, suchen Sie neu.
ports-taken = belegt: { $device }
ports-restart = Die Kasse startet damit neu; der Korb bleibt.
look-title = Dieser Bildschirm
act-theme-now = Farben: { $set }
theme-day = Tag
theme-night = Nacht
theme-high-contrast = hoher Kontrast
act-text-size-now = Schrift: { $set }
text-size-normal = normal
text-size-large = groß
act-language-now = Sprache: { $set }
language-name = Deutsch
act-speak = { $language } nehmen
act-tones-on = Töne: an
act-tones-off = Töne: aus
tones-no-player = Keine Töne: Dieser Rechner hat kein Programm, das sie abspielt. Installieren Sie pipewire-bin, pulseaudio-utils oder alsa-utils.

## Unfinished business

tasks-title = Unerledigtes
tasks-none = Nichts ist unerledigt
task-receipt = Beleg { $number }
task-set-aside-slip = Rücklegezettel, { $order }
task-bag-slip = Taschenzettel, { $order }
task-hand-over-slip = Übergabezettel, { $order }
task-transfer-slip = Zettel zur Anfrage an eine Filiale
task-close-report = Z-Bericht
task-interim-report = X-Bericht
task-waits = nicht gedruckt
task-waits-cure = er wird von selbst gedruckt, sobald der Drucker bereit ist
task-waits-behind = wartet hinter: { $document }
task-waits-for = wartet auf den Drucker: { $cause }
task-printing = er wird gedruckt
task-in-doubt = zweifelhaft
task-in-doubt-cure = der Drucker fiel mittendrin aus: Papier ansehen, dann Kopie drucken oder verzichten
task-case = { $order } fehlt { $quantity } { $product }
task-case-of = { $order }, { $customer }: { $quantity } { $product } fehlt
case-due = entscheiden bis { $when }
case-overdue = zu entscheiden war es { $when }
case-refused-by = { $store } hat keines zu schicken
case-proposal = { $store } hat { $quantity } frei, Stand { $when }
case-no-proposal = in keiner anderen Filiale bekannt
act-false-alarm = Es ist da: Fehlalarm
act-take-proposal = { $store } um { $quantity } bitten
act-no-proposal = Keine Filiale zu fragen
task-set-aside = { $quantity } { $product } für { $store } beiseitelegen
task-send = { $quantity } { $product } an { $store } schicken
task-set-aside-cure = gefragt von { $person }
task-transfer = { $quantity } { $product } von { $store }
task-transfer-requested-cure = angefragt: dort noch nicht beiseitegelegt
task-transfer-to-ask-cure = die Filiale wird gefragt, sobald die Zentrale da ist
task-transfer-withdrawn-cure = die Filiale erfährt es, sobald die Zentrale da ist
task-transfer-none-free-cure = dort ist keines mehr frei: eine andere Filiale fragen oder es dem Kunden sagen
task-transfer-set-aside-cure = dort beiseitegelegt, noch nicht unterwegs
task-transfer-sent-cure = unterwegs: melden, wenn es da ist
task-transfer-refused-cure = dort nicht gefunden: eine andere Filiale fragen oder es dem Kunden sagen
task-transfer-not-needed-cure = der Fall war schon entschieden: nichts wird geschickt
transfer-requested = angefragt
transfer-to-ask = noch zu fragen
transfer-withdrawn = abgesagt
transfer-none-free = keines frei
transfer-set-aside = beiseitegelegt
transfer-sent = unterwegs
transfer-refused = nicht gefunden
transfer-closed = erledigt
transfer-not-needed = nicht nötig
request-title = Anfrage an eine Filiale
request-for-nobody = niemanden namentlich
request-whom = Für
request-by = Angefragt von
request-when = Angefragt
request-there = Nummer dort
act-withdraw = Absagen
ask-withdraw = { $store } nicht mehr um { $quantity } { $product } bitten?
ask-withdraw-explained = Es verschwindet dort aus der Liste, wenn es noch nicht beiseitegelegt ist.
task-lapsed = { $order }, { $customer } kam nicht
task-lapsed-cure = anrufen oder zurück ins Regal
task-lapsed-cure-in = in Fach { $bay }: anrufen oder zurück ins Regal
task-cancelled = { $order }, { $customer } ist storniert
task-cancelled-cure = Gepacktes zurück ins Regal
task-cancelled-cure-in = in Fach { $bay }: zurück ins Regal legen
task-pay-back = { $order }, { $customer }: { $amount } zurückgeben
task-pay-back-cure = an der Kasse wurde mehr genommen, als offen war
task-to-pay-back = zurückzugeben
act-paid-back-cash = Bar zurückgeben
act-give = { $amount } geben
act-paid-back-otherwise = Auf Karte oder anders
ask-pay-back = { $amount } aus der Schublade an { $customer } geben?
ask-pay-back-explained = Die Schublade geht auf, und es steht im Journal. Der Kunde muss da sein.
ask-paid-back-otherwise = Hat { $customer } { $amount } auf anderem Weg zurück?
ask-paid-back-otherwise-explained = Am Kartenterminal oder durch die Zentrale. Aus der Schublade kommt nichts.
task-count = { $product } zählen
task-count-cure = { $count ->
    [one] die Bücher stimmten nicht: zählen, was im Regal liegt
   *[other] die Bücher stimmten { $count }-mal nicht: zählen, was im Regal liegt
}
task-to-count = zu zählen
stock-to-count = Die Bücher haben sich hier geirrt: der Artikel ist zu zählen, und bis dahin sagen sie nichts. Im Regal nachsehen oder zählen.
task-drawer = Die Lade ist offen
task-drawer-cure = schließen
case-open = offen
case-awaiting-decision = entscheiden
case-re-sourced = anders versorgt
case-back-ordered = nachbestellt
case-substituted = ersetzt
case-cancelled = storniert
case-false-alarm = Fehlalarm
act-copy = Kopie drucken
act-drop = Verzichten
ask-drop = { $document } nicht mehr drucken?
ask-drop-explained = Es wird nicht mehr gedruckt; das Journal nennt, wer verzichtet hat.
link-live = Live
link-connecting = Verbindet
link-not-enrolled = Allein
link-refused = Von der Zentrale abgelehnt
link-down = Offline
link-down-heard = Offline, zuletzt gehört { $time }
all-sent = alles gesendet
unsent = { $count } zu senden
unsent-oldest = { $count } zu senden, ab { $time }
quarantined = { $count } von der Zentrale nicht verstanden
fact-unsent = Zur Zentrale
fact-data-as-of = Datenstand
fact-live = live
fact-live-heard = live, zuletzt gehört { $when }
fact-stock-and-orders = Bestand und Bestellungen
fact-products-and-people = Artikel, Preise, Personal
fact-other-stores = Andere Filialen, älteste: { $store }
fact-quarantined = Nicht verstanden
fact-clock = Diese Uhr geht vor um
seconds = { $count } s
everything-works = Alles funktioniert
does-not-work = Geht gerade nicht
missing-other-stores = Bestand anderer Filialen: wie zuletzt gehört
missing-central-full = Die Platte der Zentrale ist voll: dort muss Platz geschaffen werden
missing-new-orders = Neue Webbestellungen: kommen mit der Zentrale wieder
missing-requests = Anfragen an andere Filialen: gehen mit der Zentrale hinaus
missing-zone = Ortszeit: die Zone { $name } ist hier unbekannt, Zeiten sind UTC
named-state = { $name }: { $state }

## Notices

notice-code-unknown = Kein Artikel hat den Code { $code }. Nach Namen suchen oder Hilfe rufen.
notice-code-refused = { $code } kann nicht stimmen. Noch einmal scannen.
notice-check-digit = { $code }: eine Ziffer ist falsch. Noch einmal scannen oder eingeben.
notice-verifier = Der Preis auf dem Etikett wurde falsch gelesen. Noch einmal scannen oder wiegen.
notice-zero-value = Auf diesem Etikett steht kein Preis. Noch einmal wiegen.
notice-add-on = Nur der kleine Code wurde gelesen. Den großen daneben scannen.
notice-no-article = Dieser Code gehört zu keinem Artikel. Den Artikelcode suchen.
notice-two-articles = Dieser Code nennt zwei Artikel. Einen anderen scannen.
notice-scan-broken-off = Nur ein halber Code kam an. Noch einmal scannen.
notice-scan-garbled = Der Scanner sendet Unsinn. Noch einmal scannen; bleibt es so, Aufsicht rufen.
notice-scanned-twice = { $name } kam zweimal. Einer zu viel? − drücken.
notice-scan-waits = Ein Scan wartet. Zuerst die Frage beantworten.
notice-answer-first = Zuerst die Frage beantworten.
notice-scan-left-out = { $code } wartete und wurde ausgelassen. Noch einmal scannen.
notice-amount-invalid = Das kann hier kein Betrag sein. Einen anderen eingeben.
notice-amount-is-code = Das ist ein Strichcode, kein Betrag. Zurück, scannen, dann kassieren.
notice-access-ended = Die Zentrale hat den Zugang von { $name } beendet. Mit anderem Namen weiter.
notice-receipt-unknown = Diese Kasse hat keinen Beleg { $number }. Nach Betrag oder Artikel suchen.
notice-receipt-elsewhere = Beleg { $number } ist von Kasse { $till }. Dort suchen.
notice-badge-unknown = Diesen Ausweis hat hier niemand. Namen wählen und PIN eingeben.
notice-badge-not-here = Es ist schon jemand angemeldet. Erst sperren, dann den Ausweis zeigen.
notice-scan-not-here = Beim Bezahlen fügt ein Scan nichts hinzu. Zuerst zurück zum Verkauf.
notice-scan-before-sign-in = Zuerst anmelden, dann scannen.
notice-scan-before-float = Zuerst das Wechselgeld zählen (F1), dann scannen.
notice-scan-before-order = Zuerst eine Bestellung wählen, dann ihre Artikel scannen.
notice-expired = { $name } ist seit { $date } abgelaufen: nicht verkauft. Aus dem Regal nehmen.
notice-not-allowed = Ihre Rolle erlaubt das nicht.
notice-session-needed = Dazu muss die Kasse offen sein. F1 drücken und das Wechselgeld zählen.
notice-supervisor-needed = Das muss die Aufsicht tun.
notice-reason-needed = Sagen, wofür der Preis geändert wird.
notice-above-cap = Ihre Rolle darf höchstens { $percent } nachlassen. Vorgesetzte fragen.
notice-card-too-much = Mehr als offen ist. Mit Karte höchstens { $due }; Rückgeld gibt es nur auf Bargeld.
notice-card-taken-back = { $amount } auch am Kartenterminal stornieren: Die Kasse selbst erstattet nichts auf die Karte.
notice-card-at-terminal = Am Kartengerät stehen { $amount }. Unter Bezahlen sagen, ob genehmigt.
notice-label-is-one = Das Etikett von { $name } gilt für eines. × mit Esc zurücknehmen, einzeln scannen.
notice-tendered-already = Es wurde schon Geld gegeben. Zuerst zurücknehmen.
notice-wrong-item = { $name } gehört nicht zu dieser Bestellung. Zurück ins Regal damit.
notice-picked-already = Von { $name } ist alles gepackt.
notice-picked-by = { $name } packt { $order }. Enter übernimmt.
notice-taken-off = { $name } wurde aus dieser Bestellung gestrichen. Zurück ins Regal damit.
notice-order-cancelled = { $order } ist storniert. Gepacktes zurück ins Regal.
notice-nothing-to-put-back = Von dieser Bestellung liegt nichts hier.
notice-nothing-to-pick = Für { $order } ist nichts mehr zu packen.
notice-receipt-compulsory = Das Gesetz verlangt hier zu jedem Verkauf einen Beleg: er wird gedruckt.
notice-open-order-changed = { $order } hat sich geändert. Positionen noch einmal ansehen.
notice-wrong-collection-code = Dieser Code passt nicht. Noch einmal fragen, oder nach dem Namen.
notice-slip-is-no-code = { $order } steht auf jedem Zettel und beweist nichts. Den Code des Kunden scannen oder den Namen erfragen.
notice-order-unknown = Keine Bestellung hat diesen Code oder Namen. Die Nachricht des Kunden prüfen.
notice-order-not-here = Diese Filiale hat keine Bestellung { $order }. Den Zettel lesen: sie kann einer anderen gehören.
notice-order-is-sent = Bestellung { $order } wird versandt. Gepackt wird sie auf der Lagerseite der Zentrale.
notice-nothing-to-hand-over = Noch nichts gepackt. Zuerst packen.
notice-nothing-chosen = Alles bleibt hier: nichts wurde übergeben. Zuerst eine Position mitgeben.
notice-items-held = { $count ->
    [one] 1 Artikel ist noch unbekannt. Zuerst muss die Zentrale ihn zuordnen.
   *[other] { $count } Artikel sind noch unbekannt. Zuerst muss die Zentrale sie zuordnen.
}
notice-order-handed-over = { $order }: übergeben an { $customer }
notice-kept-for-order = Für { $order } reserviert. In Fach { $bay } legen.
notice-transfer-requested = { $store } ist gebeten, { $quantity } zu schicken.
notice-transfer-to-ask = { $store } wird um { $quantity } gebeten, sobald die Zentrale wieder da ist.
notice-transfer-withdrawn = Anfrage an { $store } abgesagt.
notice-transfer-to-withdraw = { $store } erfährt das, sobald die Zentrale wieder da ist, wenn es dann noch nicht beiseiteliegt.
notice-set-aside-there = { $store } hat es schon beiseitegelegt: es kommt. Dort anrufen, damit es bleibt.
notice-on-its-way = Es ist unterwegs von { $store }. Bei Ankunft annehmen.
notice-set-aside-elsewhere = Kasse { $till } hat es beiseitegelegt und vielleicht geschickt. Nachsehen, ob es noch hier liegt.
notice-false-alarm-noted = Der Fall von { $order } ist erledigt: Es ist da. Bei Gelegenheit den Artikel zählen.
notice-case-decided = Diesen Fall hat schon jemand entschieden.
notice-proposal-gone = { $store } hat keines mehr frei: Der Fall von { $order } ist wieder offen.
notice-decided-before = Der Fall von { $order } war schon entschieden: { $decision }. Die Entscheidung hier ist nicht nötig.
notice-transfer-sent = Es ist unterwegs zu { $store }.
notice-transfer-not-here = Es ist dort noch nicht abgeschickt.
notice-for-another-store = Das ist für eine andere Filiale; kein Kunde holt es ab.
notice-order-changed = { $order } hat sich geändert. Herausnehmen, dann neu übergeben.
notice-order-parked = { $order } liegt in einem geparkten Korb. Diesen zurückholen.
notice-basket-parked = Der Korb ist geparkt. { $key } holt ihn zurück.
notice-in-basket-already = { $order } ist schon im Korb.
notice-basket-restored = Ihr Korb ist wieder da. Machen Sie weiter, wo Sie waren.
notice-basket-of = Das ist der Korb von { $name }. Abschließen, oder parken: { $key }.
notice-print-lost = Ein Beleg ist vielleicht unvollständig. Siehe Aufgaben.
notice-no-printer = Kein Drucker ist eingerichtet. Belege werden aufbewahrt und können später gedruckt werden.
notice-disk-full = Die Platte ist voll: Verkaufen geht nicht. Platz schaffen, dann weiter.
notice-disk-read-only = Die Platte ist nicht beschreibbar: Verkaufen geht nicht. Hilfe rufen.
notice-numbers-go-on = Dieser Kassendatei fehlen Verkäufe. Belege gehen bei { $number } weiter; offene Körbe sind vielleicht schon verkauft.
notice-withdrawn = { $name } wird nicht mehr verkauft: nur wer es bestellt hat, bekommt es.
notice-basket-unreadable = Der offene Korb ist für dieses Programm nicht lesbar und liegt beiseite: neu erfassen.
notice-file-set-aside = Hilfe rufen: Die Datei der Kasse war beschädigt und liegt beiseite als { $path }.
notice-settings-of-before = Hilfe rufen: Die Einstellungen des Ladens sind hier nicht lesbar. Die früheren gelten weiter.
notice-settings-lost = Vor dem Verkauf Hilfe rufen: Die Einstellungen des Ladens sind nicht lesbar, Steuern unbekannt.
notice-not-saved = Das konnte nicht gespeichert werden. Nichts hat sich geändert; noch einmal.
notice-devices-simulated = Die Geräte dieses Ladens sind simuliert: sie bleiben an ihren Anschlüssen.
notice-port-not-kept = Die Einstellungen sind wie zuvor: { $told }. Hilfe rufen.
notice-zone-unknown = Die Zeitzone { $name } ist hier unbekannt: Zeiten sind UTC, bis die Zentrale sie berichtigt.
notice-basket-open = Ein Korb ist offen. Zuerst abschließen oder parken.
notice-drawer-by-key = Die Lade bleibt zu: der Drucker kann sie jetzt nicht öffnen. Mit dem Schlüssel öffnen.
notice-session-closed = Abgeschlossen: { $counted } gezählt, Differenz { $difference }.
notice-session-closed-exact = Abgeschlossen: { $counted } gezählt, es stimmt.
notice-agreed = { $name } hat zugestimmt.
notice-copy-printing = Eine Kopie von Beleg { $number } wird gedruckt.
notice-gift-receipt-printing = Ein Umtauschbon zu { $number } wird gedruckt.
notice-interim-printing = Der X-Bericht wird gedruckt.
notice-close-report-printing = Der letzte Z-Bericht wird erneut gedruckt.
notice-no-session-closed = An dieser Kasse wurde noch nicht abgeschlossen.
refused-no-such-line = Diese Zeile gibt es nicht mehr.
refused-quantity-invalid = Diese Menge geht nicht. Eine andere eingeben.
refused-price-invalid = Dieser Preis geht nicht. Einen anderen eingeben.
refused-price-needed = Dieser Artikel braucht einen Preis. Eingeben.
refused-discount-invalid = Dieser Rabatt geht nicht. Einen anderen eingeben.
refused-full = Der Korb ist voll. Zuerst kassieren.
refused-currency-mismatch = Dieser Preis ist in einer anderen Währung.
refused-quantity-fixed = Das Etikett legt die Menge fest. Stattdessen noch einmal scannen.

## Zählungen und Gründe

act-count = Zählen
shelf-count-title = Wie viele liegen im Regal?
shelf-count-title-weighed = Wie viel liegt im Regal?
shelf-count-explained = Nur das Regal zählen. Was die Bücher sagen, steht danach da.
shelf-count-not-blind = Nicht blind: was die Bücher sagen, stand beim Bestand. Trotzdem zählen, was im Regal liegt.
shelf-count-bin = Platz { $bin }
shelf-count-not-here = Nicht im Regal, hier nicht mitzählen
shelf-count-held = { $quantity } für { $order }, Fach { $bay }
shelf-count-picked = { $quantity } für { $order } gepackt
shelf-count-baskets = { $quantity } in einem Korb an dieser Kasse
shelf-count-nothing-else = Nichts davon liegt in einem Fach oder Korb
act-take-count = Zählung übernehmen
shelf-count-differs = Die Bücher sagen etwas anderes
shelf-count-differs-explained = { $found } behalten oder neu zählen. Was die Bücher sagen, steht danach da.
act-count-stands = { $found } behalten
shelf-count-surplus = { $found } gezählt: mehr als in den Büchern
shelf-count-loss = { $found } gezählt: weniger als in den Büchern
shelf-count-stands = Die Zahl gilt. Den Grund nennen; um wie viel, steht nach dem Buchen da.
count-hint = Was gezählt wird, scannen oder suchen
reason-found = wiedergefunden
reason-taken-back = ohne Beleg zurückgenommen
reason-delivery-short = weniger geliefert als notiert
reason-miscounted = vorher falsch gezählt
reason-gone = weg, niemand weiß wie
reason-damaged = beschädigt, weggeworfen
reason-other-product = als anderer Artikel verkauft oder gebucht
reason-delivery = mehr geliefert als notiert
reason-own = mit eigenen Worten
reason-left = noch { $count } Zeichen
act-give-reason = Grund angeben
notice-stock-counted = { $name }: { $found } gezählt statt { $expected } ({ $worth }).
notice-stock-counted-exact = { $name }: { $found } gezählt, wie in den Büchern.
notice-moved-while-counting = { $name } hat sich um { $moved } bewegt. Nachsehen und eingeben, was jetzt da liegt.
notice-not-counted = { $name } hat keinen Bestand zum Zählen.
notice-count-first = Erst die Zählung von { $name } abschließen, oder zurück.
notice-count-by-typing = { $name } wird gerade gezählt. Ein Scan zählt nicht: eingeben, wie viel da liegt.
notice-count-again = { $approver } lässt neu zählen. Es ist nichts gebucht.
notice-reason-missing = Sagen, wofür es ist.
notice-settings-unknown = Steuern und Währung des Geschäfts sind nicht bekannt. Sobald die Zentrale sie nennt, wird verkauft: Netz prüfen.
approval-close-session = Sitzung von { $owner }: { $counted } gezählt
approval-count = { $name }: { $found } gezählt
session-title = Sitzung von { $owner }
session-counts = { $count ->
    [one] einmal
   *[other] { $count }-mal
} gezählt
count-not-blind = { $name } hat den Sollbestand gesehen ({ $when }): keine blinde Zählung, das steht auf dem Z.
count-anew = Seit der begonnenen Zählung wurde Geld bewegt: neu zählen.

## The counter beside the till, in the demo

counter-title = Die Theke, simuliert
counter-good-beep = guter Ton
counter-bad-beep = schlechter Ton
counter-code-hint = Code eingeben oder einfügen, oder Teil eines Namens
counter-tear-off = Abreißen
counter-drawer-open = Lade ist offen
counter-drawer-shut = Lade ist zu
counter-shut = Zuschieben
counter-turn-key = Mit Schlüssel öffnen
counter-paper-in = Papier drin
counter-paper-take = herausnehmen
counter-paper-out = Papier leer
counter-paper-load = Rolle einlegen
counter-cover-shut = Deckel zu
counter-cover-open-it = öffnen
counter-cover-open = Deckel offen
counter-cover-shut-it = schließen
counter-central-reached = Zentrale erreicht
counter-central-cut-it = abschneiden
counter-central-cut = Zentrale weg
counter-central-mend-it = wieder verbinden
counter-printer-plugged = Drucker dran
counter-printer-pull = Kabel ziehen
counter-printer-unplugged = Drucker ab
counter-printer-plug = Kabel einstecken
counter-scanner-plugged = Scanner dran
counter-scanner-pull = Kabel ziehen
counter-scanner-unplugged = Scanner ab
counter-scanner-plug = Kabel einstecken
counter-scanner-clear = Scanner klar
counter-scanner-garble = stören
counter-scanner-garbled = Scanner gestört
counter-scanner-mend = beheben
counter-goods = Waren
counter-customers = Abholer

# The till did not start.
stopped-read-only = Die Kasse kann nicht auf ihre Platte schreiben
stopped-read-only-cure = Bis sie es kann, wird hier nichts verkauft. Diesen Rechner einmal neu starten; kommt es wieder, Hilfe rufen: die Platte ist verschlissen, oder die Kasse darf in ihren Ordner nicht schreiben.
stopped-full = Die Platte der Kasse ist voll
stopped-full-cure = Platz schaffen oder Hilfe rufen. Dann noch einmal versuchen.
stopped-busy = Ein anderes Programm hält die Datei der Kasse
stopped-busy-cure = Ist die Kasse in einem anderen Fenster offen? Dieses benutzen oder schließen. Dann noch einmal versuchen.
stopped-newer = Eine neuere Kasse hat diese Datei geschrieben
stopped-newer-cure = Das neuere Programm wieder einspielen: dieses verstünde nicht alles.
stopped-foreign = Diese Datei gehört nicht zu dieser Kasse
stopped-foreign-cure = Hilfe rufen: die Kasse sucht im Ordner einer anderen Kasse.
stopped-settings = Die Einstellungen der Kasse sind nicht lesbar
stopped-settings-cure = { $told }. Diese Zeile berichtigen oder Hilfe rufen. Dann noch einmal versuchen.
stopped-other = Die Kasse startet nicht
stopped-nothing-lost = Verkauftes ist aufbewahrt; nichts wurde geändert.
stopped-file = Ihre Daten: { $file }
act-try-again = Noch einmal
act-close-window = Schließen
