# Les mots de la caisse, français. Chaque message est déclaré dans src/gui/text/words.rs.

## Heures et dates

moment-today = aujourd’hui { $time }
moment-tomorrow = demain { $time }
moment-yesterday = hier { $time }
midnight = minuit
weekday = { $day ->
    [1] lun.
    [2] mar.
    [3] mer.
    [4] jeu.
    [5] ven.
    [6] sam.
   *[7] dim.
}
day-of-year = { $day } { $month ->
    [1] janv.
    [2] févr.
    [3] mars
    [4] avr.
    [5] mai
    [6] juin
    [7] juil.
    [8] août
    [9] sept.
    [10] oct.
    [11] nov.
   *[12] déc.
} { $year }
span-minutes = { $count } min
span-hours = { $count } h
span-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}

## Frame

tab-sell = Vente
tab-pick-ups = Retraits
tab-stock = Stock
tab-receipts = Tickets
tab-drawer = Tiroir
till-number = Caisse { $number }
act-lock = Verrouiller
tasks-count = { $count ->
    [0] rien à faire
    [one] { $count } tâche
   *[other] { $count } tâches
}
tasks-count-and-waiting = { $tasks } · { $count } en attente
version = v{ $version }

## Acts

act-back = Retour
act-cancel = Annuler
act-confirm = Confirmer
act-sign-in = Entrer
act-agree = Accepter
act-other-page = { $page } sur { $pages }
act-open = Ouvrir
act-show-order = Voir la commande
act-choose = Choisir
act-undo = Défaire
act-pay = Payer
act-park = Attente
act-recall = { $count ->
    [0] Rappel
   *[other] Rappel { $count }
}
act-recall-first = Rappeler le premier
act-set-quantity = Mettre { $quantity } ×
act-quantity = Quantité
act-price = Prix
act-discount = Remise
act-remove = Retirer
act-undo-scan = Ôter le scan
act-void = Abandon
act-keep-selling = Continuer la vente

## Selling

sale-title = Vente { $number }
sale-lines = Ligne
quantity-prefixed = { $quantity } × le prochain scan
items = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
total = Total
tax-included = TVA incl. { $amount }
tax-excluded = plus TVA { $amount }
basket-empty = Scannez le premier article
discount-reason = remise
reason-of-discount = Pourquoi { $percent } de remise ?
reason-of-price = Pourquoi un prix de { $price } ?
price-typed = prix saisi
price-from-label = prix de l’étiquette
price-open = libre
unit-price = { $price }/{ $unit }
favourites = Favoris
quick-key-letters = lettres
quick-key-letters-brief = A–Z
sizes = tailles
panel-why = Pourquoi ce prix
panel-approved-by = accepté par { $name }
panel-list-price = prix catalogue
panel-price-typed-by = saisi par { $name }
panel-price-agreed = convenu dans { $order }
panel-pack = un scan fait { $count } pièces
panel-discount-by = { $discount }, par { $name }
panel-not-stocked = Aucun stock n’en est tenu
panel-movements = Derniers mouvements
panel-elsewhere = Autres magasins
panel-nowhere = aucun libre
panel-hint = Tapez un nombre, puis Quantité, Prix ou Remise
store-free-old = { $quantity } libres · il y a { $age }
search-products = Scannez, ou tapez un code ou un nom
ask-quantity = Combien ? Tapez, puis Enter
ask-price = Quel prix ? Tapez, puis Enter
ask-discount = Combien de % ? Tapez, puis Enter
searching = Recherche…
search-nothing = Rien pour « { $text } ». Essayez moins de lettres.
hit-stock = rayon { $shelf }, libres { $free }
hit-elsewhere = { $quantity } dans d’autres magasins
parked-title = Paniers en attente
parked-basket = { $time } · { $operator }
void-title = Abandonner ce panier ?
void-explained = Il reste au journal et rien n’est vendu. Pour y revenir plus tard, mettez-le en attente.
sale-completed = Vente { $number } · { $amount }
sale-by-card = Payé par carte
change = À rendre
next-sale-hint = Le prochain scan commence la vente suivante
receipt-printed = Ticket imprimé
receipt-printing = Ticket en cours d’impression
receipt-waits = Le ticket attend l’imprimante
change-drawer-by-key = Ouvrez le tiroir avec sa clé
receipt-in-doubt = Ticket peut-être incomplet : voir les tâches
receipt-not-printed = Pas de ticket
mark-last-free = Dernier libre · le suivant est promis à { $order }, { $customer }, { $when }
mark-takes-promised = Promis à { $order }, { $customer }, { $when }
mark-sold-anyway = Vendre quand même · { $order }, { $customer } en manquera
mark-deciding = En attente de votre décision
mark-hand-over = À donner : { $order }, { $customer }
mark-order-changed = { $order } a changé : ôtez-la, puis donnez-la à nouveau
mark-books = { $quantity } en rayon selon les livres

## Sign in and session

sign-in-title = Qui est à la caisse ?
next-person = Personne suivante
next-person-brief = Suivant
sign-in-badge = ou scannez votre badge
sign-in-badge-of = ou scannez votre badge · { $count } personnes : glissez, ou Tab
sign-in-basket-waiting = Un panier ouvert vous attend
sign-in-basket-of = Le panier de { $name } est ouvert et attend
sign-in-choose = Choisissez votre nom
pin-choose-first = Choisissez d’abord un nom : Tab, ou sa première lettre.
sign-in-pin-of = Code de { $name }
sign-in-wrong-pin = Code faux. Réessayez.
act-close-till = Fermer la caisse
close-till-title = Fermer la caisse ?
close-till-kept = Ce qui est vendu est gardé. Relancée, la caisse reprend ici.
close-till-basket = Le panier ouvert est gardé aussi.
close-till-session = La session reste ouverte. En fin de journée, identifiez-vous d’abord et comptez le tiroir (F5).
close-till-unsent = Pas encore envoyé à la centrale : { $count }. Cela partira quand la caisse sera rouverte.
approval-title = Une autre personne doit accepter
approval-asked-by = Demandé par { $name }. Le code ne vaut que cette fois ; { $name } reste en service.
approval-count-asked-by = { $name } a compté à l’aveugle. Après le code, l’écart s’affiche : acceptez-le ou faites recompter.
approval-asked-because = Demandé par { $name } : { $reason }
act-see-count = Voir le compte
approval-count-title = { $name }, acceptez-vous ?
count-how-many = Combien de { $worth } ?
counted-by = Compté par { $name }
count-should-hold = Attendu
count-books = Les livres disent
count-difference = Écart
count-worth = Valeur
count-limit = Admis sans accord
count-reason = Motif
approval-choose = Qui accepte ?
approval-discount = { $percent } de remise sur { $name }
approval-price = { $name } à { $price }
approval-sell-promised = Vendre { $quantity } × { $product }
approval-falls-short = { $order }, { $customer } en manquera
approval-paid-in = Entrée de { $amount }
approval-paid-out = Sortie de { $amount }
approval-to-safe = { $amount } au coffre
approval-no-sale = Ouvrir le tiroir sans vente
approval-interim-report = Imprimer le rapport X
approval-drop-document = Renoncer à un document obligatoire
approval-port = { $device } : passer au port { $port }
sign-in-wait = Code faux. Attendez { $seconds } s, puis réessayez.
sign-in-not-tried = Pas encore essayé : attendez { $seconds } s.
sign-in-too-early = Trop tôt, pas essayé. Saisissez-le de nouveau.
open-session-title = Qu’y a-t-il dans le tiroir ?
open-session-day = Comptez le fond de caisse. Journée du { $date }
open-session-without = Retraits, stock et tickets marchent aussi sans
act-open-session = Ouvrir la session

## Questions

question-age = Le client a-t-il { $years } ans ou plus ?
question-cash = { $amount } reçus pour { $due } ?
question-cash-change = Il faudrait rendre { $change }. Si c’est une erreur, revenez et recommencez.
question-float = { $amount } dans le tiroir au départ ?
question-float-explained = C’est plus que d’habitude. La virgule a-t-elle été oubliée ?
question-born-by = Né ce jour ou avant
act-old-enough = Assez âgé
act-amount-right = Montant juste
act-too-young = Trop jeune
question-price = Prix de { $name }
act-take-price = Prendre ce prix
question-weight = Poids de { $name }
question-how-much = Combien de { $name } ?
act-take-quantity = Prendre cette quantité
act-take-weight = Prendre ce poids
question-which = Plusieurs articles ont ce code. Lequel ?
question-may-be-sold = Ce panier est peut-être déjà vendu
question-may-be-sold-why = Il a été commencé { $begun }, et cette caisse a depuis été rétablie d’une copie plus ancienne. Cherchez un ticket avec ces articles, ou demandez au client.
act-was-sold = Il a été vendu
act-was-sold-caption = Le panier est abandonné
act-was-not-sold = Il n’a pas été vendu
act-was-not-sold-caption = Continuer avec le panier

## Conflict

conflict-promised = Celui-ci est promis à une commande web
conflict-promised-of = Promis à une commande web : { $quantity } sur ces { $of }
conflict-books-empty = Plus aucun selon les livres, et des commandes web l’attendent
conflict-all-held = Aucun de libre : { $held } de réservé pour retrait
conflict-too-few = Seulement { $shelf } en rayon, et des commandes web en ont besoin
as-of = état { $when }
as-of-live = à { $time }, en direct
as-of-old = { $when }, il y a { $age } : centrale hors d’atteinte
as-of-never = aucune nouvelle de la centrale
figure-on-hand = en stock
figure-held = réservés
figure-held-in = réservé, { $bay }
figure-promised = promis
figure-in-basket = dans ce panier
figure-shelf = rayon
figure-free = libres
conflict-out-of-box = Quelqu’un l’a peut-être sorti de sa case
conflict-scan-waiting = Attend votre décision : { $what }
conflict-order-changed = Cette commande n’en a plus besoin. Regardez encore.
conflict-hand-over-one = le client ici est { $name }
conflict-hand-over-two = le client ici est { $first } ou { $second }
conflict-hand-over-any = le client web est là
conflict-sell-short = { $order } en manquera ; la centrale est prévenue
conflict-sell-asked = { $order } en manquera ; un responsable accepte
conflict-keep = pour { $order }, imprime un bon
conflict-keep-none = chaque commande a son article
conflict-find-at = { $quantity } à { $store }, { $distance }, { $when }
conflict-find-none = aucun magasin connu n’en a
distance-km = { $distance } km
act-hand-over-order = Donner
act-sell-anyway = Forcer la vente
act-keep = Réserver
act-find-another = En trouver un
act-line-out = Ôter la ligne
act-take-out = Retirer { $quantity } sur { $of }
act-change-short = Une autre manquera
hand-over-title = Donner { $order } à { $name }
hand-over-due = Reste { $amount } à payer : il entre dans la vente.
hand-over-paid = Déjà payée : rien à payer.
hand-over-nothing = Tout reste ici : rien à remettre. Joignez une ligne, ou revenez.
hand-over-code-hint = Scannez ou tapez le code de retrait
hand-over-code-shown = Code présenté
act-name-confirmed = Nom : { $name }
act-hand-over = Donner
find-another-title = Quel magasin en enverra un ?
find-another-whom = Pour qui ? Le nom figure sur le ticket
act-without-name = Sans nom
act-name-customer = Nommer le client
asked-for-whom = pour { $name }
store-free = { $quantity } libres · { $distance } · { $when }
story-sold = vendu
story-sold-at = vendu à { $till }
story-returned = rendu
story-handed-over = donné
story-dispatched = expédié
story-received = reçu
story-transferred = transféré
story-adjusted = compté
story-opening = au départ
story-held = réservé pour { $order }
story-released = repris de { $order }

## Payment

to-pay = À payer
pay-cash = Espèces : ce que donne le client
pay-exact = Exact
pay-change = rendre { $amount }
pay-still = manque { $amount }
pay-part-hint = Une partie ? Tapez d’abord le montant.
remaining = Reste
paid-in-cash = { $amount } payé en espèces
paid-by-card = { $amount } payé par carte
still-to-pay = { $amount } à payer
card-unanswered = Le terminal a { $amount } : dites sous Payer s’il a accepté
take-back = reprendre
act-take-back = Reprendre
take-back-title = Reprendre { $amount } de la carte ?
take-back-explained = Le terminal l’a déjà débité, et la caisse ne rend rien sur une carte : rendez-le aussi sur le terminal.
act-card = Carte
act-receipt = Ticket
act-gift-receipt = Avec ticket cadeau
act-no-receipt = Pas de ticket
receipt-compulsory = La loi exige ici un ticket pour chaque vente.
receipt-no-printer = Aucune imprimante n’est réglée : aucun ticket ne sort.
tender-cash = Espèces
tender-card = Carte
tender-card-with = Carte · { $reference }
card-title = Sur le terminal de paiement
card-explained = Tapez ce montant sur le terminal : c’est lui qui débite la carte, pas la caisse. Quand il dit « accepté », appuyez sur Enter : alors seulement c’est payé ici.
card-reference-hint = Numéro du reçu du terminal, si vous voulez
act-card-approved = Accepté
act-card-declined = Pas accepté

## Pick-ups

filter-to-pick = À préparer
filter-picking = En cours
filter-short = Manque
filter-ready = Prêtes
filter-lapsed = Échues
filter-cancelled = Annulées
filter-all = Tout
search-orders = Scannez ou tapez
queue-empty = Aucune commande ici
order-none-open = Choisissez une commande, ou scannez son code de retrait
order-paid = payée
order-pays-on-collection = paie au retrait
order-collects-by = à retirer avant { $when }
order-collect-by = retrait avant { $when }
order-ordered = commandée { $when }
order-picker = { $name } prépare
order-at-risk = en danger
order-overdue = en retard
order-soon = bientôt
order-due = { $amount } dus
order-paid-in-full = Payée
order-goods = Articles
order-discount = Remise sur la commande
order-charge = Frais de la commande
order-prepaid = Déjà payé
order-tax = TVA
order-code-needed = code ou nom au retrait
order-to-store = part vers un autre magasin
state-to-pick = à préparer
state-picking = en cours
state-short = manque
state-ready = prête
state-ready-in = prête · { $bay }
state-part-handed-over = donnée en partie
state-handed-over = donnée
state-lapsed = échue
state-put-back = rangée
state-cancelled = annulée
state-packed = emballée
state-dispatched = expédiée
order-held = { $count ->
    [one] { $count } ligne n’est pas encore à préparer : le siège cherche ce que c’est
   *[other] { $count } lignes ne sont pas encore à préparer : le siège cherche ce que c’est
}
order-note = Le client écrit : { $text }
step-received = reçue
step-picking = préparé { $picked } sur { $lines }
step-ready = prête
step-handed-over = donnée
picked-of = { $picked } sur { $ordered }
line-shelf = rayon { $shelf }, promis { $promised }
line-picked = préparé
line-scan-it = à scanner
line-not-found = introuvable
line-handed-over = donné
line-taken-off = retiré
line-put-back = ranger { $quantity }
taken-off-by = retiré de la commande par { $channel }
line-goes = part
line-stays = reste ici
line-not-picked = pas préparé
act-start-picking = Commencer
act-take-over = Relayer { $name }
act-pick-by-hand = À la main
act-not-found = Introuvable
act-slip = Bon
act-put-back = Ranger
act-leave-in-bay = La laisser là
put-back-title = Ranger { $order } en rayon ?
put-back-explained = La commande s’arrête là : { $customer } ne pourra plus la retirer.
send-title = Est-ce encore en { $bay } ?
send-title-no-bay = Est-ce encore ici ?
send-explained = La caisse { $till } l’a mis de côté. Sans la centrale, nul ne sait s’il est déjà parti.
act-send-looked = Il est là : envoyer
act-send = Envoyé
act-has-come = C’est arrivé
ask-has-come = { $quantity } { $product } de { $store } : arrivé ?
ask-has-come-explained = Il entre dans les livres de ce magasin : vérifiez qu’il est bien là.
act-understood = Compris
act-ready = Prête
act-ready-in = Prête · { $bay }
act-ready-without = Prête sans { $quantity }
act-customer-here = Le client est là
act-someone-else = Un autre
bay-chosen = Case { $bay }
bay-shared = { $bay }, avec { $orders }
bay-none = Aucune case libre
collector-typed = Retiré par { $name }
act-leave-here = Laisser ici
act-take-along = Donner aussi
history-title = Historique
history-by-central = siège
history-ordered = commandée, { $channel }
history-pick-started = préparation commencée
history-picked = préparé : { $quantity }
history-kept = réservé à la caisse : { $quantity }, case { $bay }
history-pick-undone = reposé : { $quantity }
history-not-found = introuvable : { $quantity }
history-ready = prête, case { $bay }
history-ready-undone = plus prête : étape reprise
history-handed-over-code = donné : { $quantity }, code montré
history-handed-over-name = donné : { $quantity }, nom demandé
history-collector = emporté par { $name }
history-sent = envoyé : { $quantity }
history-put-back = rangée en rayon
history-lapsed = pas retirée à temps
history-cancelled = annulée
history-at-risk = un article vendu à la caisse
history-packed = emballée
history-dispatched = expédiée avec { $carrier }
history-paid-back = { $amount } rendus

## Stock and receipts

search-stock = Tapez un nom ou un code
stock-hint = Cherchez un article : combien ici, pourquoi, et où ailleurs
stock-none-open = Choisissez un article
story-none = Rien encore
elsewhere-none = Aucun connu
search-receipts = N°, montant, jour, nom
receipts-none = Aucun ticket trouvé. Essayez moins de chiffres, ou un montant.
receipts-as-amount = { $count ->
    [one] { $count } ticket de { $amount }
   *[other] { $count } tickets de { $amount }
}
receipts-as-day = { $count ->
    [one] { $count } ticket du { $day }
   *[other] { $count } tickets du { $day }
}
receipts-hint = Choisissez un ticket pour le voir tel qu’imprimé
act-print-copy = Imprimer une copie
act-print-gift-receipt = Ticket cadeau
act-yesterday = Hier
act-day-before = Jour d’avant
act-day-after = Jour d’après

## Drawer

session-none = Aucune session ouverte
drawer-hint = Choisissez que faire du tiroir
drawer-no-session = Ouvrez la session pour encaisser
act-paid-in = Apport
act-paid-out = Sortie
act-to-safe = Au coffre
act-no-sale = Sans vente
act-close-session = Compter et clore
act-interim-report = Rapport X
act-last-report = Dernier Z
act-go-on-counting = Continuer à compter
act-open-drawer = Ouvrir le tiroir
act-next-note = Suivant
act-note-before = Avant
act-finish-count = Clore avec ce compte
paid-in-title = Combien entre dans le tiroir ?
paid-out-title = Combien sort du tiroir ?
to-safe-title = Combien va au coffre ?
no-sale-title = Ouvrir le tiroir sans vente
count-title = Comptez ce qu’il y a dans le tiroir
difference-title = Le tiroir ne correspond pas aux livres
difference-explained = Recomptez, ou dites pourquoi. Le montant est dit quand la session est close.
act-count-again = Recompter
act-close-so = Clore
counted = Compté
count-left = { $count ->
    [one] 1 sorte non comptée : vaut 0
   *[other] { $count } sortes non comptées : valent 0
}
reason = Motif
reason-change = monnaie apportée
reason-correction = correction
reason-post = poste et colis
reason-supplies = fournitures
reason-refreshments = boissons
reason-too-much-cash = trop d’argent dans le tiroir
reason-end-of-shift = fin de service
reason-give-change = faire la monnaie
reason-check = vérifier le tiroir
reason-mistake = fermé par erreur
reason-not-known = inconnu
reason-wrong-change = erreur de rendu
reason-not-booked = mouvement non saisi
reason-float-wrong = fond de caisse mal compté
reason-drawer-test = essai du tiroir
fact-opened = Ouverte
fact-business-day = Journée
fact-float = Fond de caisse
fact-sales = Ventes
fact-turnover = Chiffre
fact-by-card = Dont par carte

## Devices

devices-title = Appareils
device-scanner = Scanner
device-printer = Imprimante
device-drawer = Tiroir
device-proof = { $proof ->
    [field] éprouvé en magasin
    [bench] éprouvé à l’établi
   *[twin] pas encore éprouvé en magasin
}
since = depuis { $when }
paper-low = bientôt plus de papier
drawer-closed = fermé
drawer-open = ouvert
drawer-unknown = l’imprimante ne dit pas s’il est ouvert
drawer-by-key = ne s’ouvre qu’avec sa clé : l’imprimante est hors d’atteinte
drawer-at-printer = à l’imprimante, broche { $pin }
scanner-types = tape comme un clavier
health-ready = en service
health-opening = connexion
health-not-configured = non réglé
health-not-configured-cure = choisissez son port pour l’utiliser
health-gone = débranché : branchez-le, il reprendra seul
health-gone-torn = débranché : branchez-le, puis voyez les tâches
health-paper-out = plus de papier : mettez un rouleau, elle reprendra seule
health-cover-open = capot ouvert : fermez-le, elle reprendra seule
health-cutter = couteau bloqué : retirez le papier, puis éteignez et rallumez
health-fault = panne : éteignez et rallumez ; si elle revient, appelez
health-hot = trop chaud : reprise après refroidissement
health-claimed = un autre programme l’occupe : fermez-le
health-wrong-speed = sa vitesse est mal réglée : appelez
health-unreadable = illisible : relisez, puis vérifiez le câble
health-silent = ne répond pas : est-il allumé ?
health-busy = pas prêt : touche d’avance papier, ou voyez ses voyants
health-port = son port est inutilisable : { $told }
health-settings = mal réglé : choisissez son port à nouveau
health-settings-told = mal réglé : { $told }
health-profile-unknown = aucun modèle { $name } : rechoisissez le port
device-set-by = réglé par { $place }
device-nearest = le plus proche : { $names }
act-test-page = Page d’essai
act-choose-port = Choisir le port
act-look-again = Chercher
act-use-port = Utiliser
ports-title = { $device } : quel port ?
ports-port = Port
ports-profile = Profil
ports-none = Aucun appareil sur aucun port. Branchez-le, allumez-le, puis cherchez à nouveau.
ports-taken = utilisé : { $device }
ports-restart = La caisse redémarre avec ce port ; le panier reste.
look-title = Cet écran
act-theme-now = Couleurs : { $set }
theme-day = jour
theme-night = nuit
theme-high-contrast = contraste élevé
act-text-size-now = Texte : { $set }
text-size-normal = normal
text-size-large = grand
act-language-now = Langue : { $set }
language-name = Français
act-speak = Passer en { $language }
act-tones-on = Sons : activés
act-tones-off = Sons : coupés
tones-no-player = Pas de sons : cet ordinateur n’a aucun programme pour les jouer. Installez pipewire-bin, pulseaudio-utils ou alsa-utils.

## Unfinished business

tasks-title = À terminer
tasks-none = Rien à terminer
task-receipt = Ticket { $number }
task-set-aside-slip = Bon de mise de côté, { $order }
task-bag-slip = Bon du sac, { $order }
task-hand-over-slip = Bon de remise, { $order }
task-transfer-slip = Bon d’une demande à un autre magasin
task-close-report = Rapport Z
task-interim-report = Rapport X
task-waits = non imprimé
task-waits-cure = il s’imprimera seul quand l’imprimante sera prête
task-waits-behind = attend derrière : { $document }
task-waits-for = attend l’imprimante : { $cause }
task-printing = impression en cours
task-in-doubt = en doute
task-in-doubt-cure = l’imprimante a lâché en route : voyez le papier, puis imprimez une copie, ou dites que c’est inutile
task-case = Il manque { $quantity } { $product } à { $order }
task-case-of = { $order }, { $customer } : il manque { $quantity } { $product }
case-due = à décider avant { $when }
case-overdue = aurait dû être décidé { $when }
case-refused-by = { $store } n’en a pas à envoyer
case-proposal = { $store } en a { $quantity } de libre, { $when }
case-no-proposal = aucun autre magasin connu n’en a
act-false-alarm = C’est ici : fausse alerte
act-take-proposal = En demander { $quantity } à { $store }
act-no-proposal = Aucun magasin à qui demander
task-set-aside = Mettre de côté { $quantity } { $product } pour { $store }
task-send = Envoyer { $quantity } { $product } à { $store }
task-set-aside-cure = demandé par { $person }
task-transfer = { $quantity } { $product } de { $store }
task-transfer-requested-cure = demandé : pas encore mis de côté là-bas
task-transfer-to-ask-cure = le magasin sera prévenu au retour de la centrale
task-transfer-withdrawn-cure = le magasin l’apprendra au retour de la centrale
task-transfer-none-free-cure = plus aucun là-bas : demandez ailleurs, ou prévenez le client
task-transfer-set-aside-cure = mis de côté là-bas, pas encore en route
task-transfer-sent-cure = en route : dites quand il est là
task-transfer-refused-cure = introuvable là-bas : demandez à un autre magasin, ou prévenez le client
task-transfer-not-needed-cure = le cas était déjà décidé : rien n’est envoyé
transfer-requested = demandé
transfer-to-ask = à demander
transfer-withdrawn = retiré
transfer-none-free = aucun libre
transfer-set-aside = mis de côté
transfer-sent = en route
transfer-refused = introuvable
transfer-closed = terminé
transfer-not-needed = inutile
request-title = Demande à un magasin
request-for-nobody = personne en particulier
request-whom = Pour
request-by = Demandé par
request-when = Demandé
request-there = Numéro là-bas
act-withdraw = Retirer
ask-withdraw = Ne plus demander { $quantity } { $product } à { $store } ?
ask-withdraw-explained = Cela quitte leur liste, sauf si c’est déjà mis de côté.
task-lapsed = { $order }, { $customer } n’est pas venu
task-lapsed-cure = appelez le client, ou rangez-la
task-lapsed-cure-in = case { $bay } : appelez le client, ou rangez-la
task-cancelled = { $order }, { $customer } est annulée
task-cancelled-cure = rangez ce qui est préparé
task-cancelled-cure-in = case { $bay } : rangez-la en rayon
task-pay-back = { $order }, { $customer } : rendez { $amount }
task-pay-back-cure = la caisse a encaissé plus que la commande ne devait
task-to-pay-back = à rendre
act-paid-back-cash = Rendre en espèces
act-give = Rendre { $amount }
act-paid-back-otherwise = Par carte ou autrement
ask-pay-back = Rendre { $amount } à { $customer } depuis le tiroir ?
ask-pay-back-explained = Le tiroir s’ouvre, et le journal le note. Le client doit être là.
ask-paid-back-otherwise = { $customer } a-t-il été remboursé de { $amount } autrement ?
ask-paid-back-otherwise-explained = Par le terminal, ou par le siège. Rien ne sort du tiroir.
task-count = Compter { $product }
task-count-cure = { $count ->
    [one] les livres étaient faux : comptez ce qu’il y a en rayon
   *[other] les livres étaient faux { $count } fois : comptez ce qu’il y a en rayon
}
task-to-count = à compter
stock-to-count = Les livres se sont trompés : l’article est à compter, et d’ici là ils ne disent rien. Regardez en rayon, ou comptez.
task-drawer = Le tiroir est ouvert
task-drawer-cure = fermez-le
case-open = ouvert
case-awaiting-decision = à décider
case-re-sourced = servie autrement
case-back-ordered = recommandé
case-substituted = remplacé
case-cancelled = annulé
case-false-alarm = fausse alerte
act-copy = Imprimer une copie
act-drop = Inutile
ask-drop = Ne plus imprimer : { $document } ?
ask-drop-explained = Il ne sera plus imprimé, et le journal dit qui y a renoncé.
link-live = En direct
link-connecting = Connexion
link-not-enrolled = Seule
link-refused = Refusée par la centrale
link-down = Hors ligne
link-down-heard = Coupé, entendu { $time }
all-sent = tout est envoyé
unsent = { $count } à envoyer
unsent-oldest = { $count } à envoyer, depuis { $time }
quarantined = { $count } non compris par la centrale
fact-unsent = Centrale
fact-data-as-of = Données au
fact-live = en direct
fact-live-heard = en direct, dernières nouvelles { $when }
fact-stock-and-orders = Stock et commandes
fact-products-and-people = Articles, prix, personnel
fact-other-stores = Plus ancien ailleurs : { $store }
fact-quarantined = Non compris
fact-clock = Cette horloge avance de
seconds = { $count } s
everything-works = Tout marche
does-not-work = Ne marche pas
missing-other-stores = Stock des autres magasins : dernier connu
missing-central-full = Le disque de la centrale est plein : le siège doit faire de la place
missing-new-orders = Nouvelles commandes web : au retour de la centrale
missing-requests = Demandes aux autres magasins : au retour de la centrale
missing-zone = L’heure locale : le fuseau { $name } est inconnu ici, les heures sont UTC
named-state = { $name } : { $state }

## Notices

notice-code-unknown = Aucun article n’a le code { $code }. Cherchez par nom, ou appelez.
notice-code-refused = { $code } ne peut être juste. Scannez encore.
notice-check-digit = { $code } : un chiffre est faux. Scannez ou tapez encore.
notice-verifier = Le prix de l’étiquette est mal lu. Scannez ou pesez encore.
notice-zero-value = Cette étiquette est sans prix. Pesez encore.
notice-add-on = Seul le petit code est lu. Scannez le grand à côté.
notice-no-article = Ce code n’est pas celui d’un article. Cherchez le bon.
notice-two-articles = Ce code nomme deux articles. Scannez-en un autre.
notice-scan-broken-off = La moitié d’un code. Scannez encore.
notice-scan-garbled = Le scanner envoie n’importe quoi. Relisez ; si cela dure, appelez un responsable.
notice-scanned-twice = { $name } est venu deux fois. Un de trop ? Appuyez sur −.
notice-scan-waits = Un scan attend. Répondez d’abord à la question.
notice-answer-first = Répondez d’abord à la question.
notice-scan-left-out = { $code } attendait et est laissé de côté. Scannez encore.
notice-amount-invalid = Ce montant est impossible ici. Tapez-en un autre.
notice-amount-is-code = C’est un code-barres, pas un montant. Revenez, scannez-le, puis encaissez.
notice-access-ended = La centrale a retiré l’accès de { $name }. Continuez sous un autre nom.
notice-receipt-unknown = Cette caisse n’a pas de ticket { $number }. Cherchez par montant ou article.
notice-receipt-elsewhere = Le ticket { $number } est de la caisse { $till }. Cherchez-le là-bas.
notice-badge-unknown = Personne ici n’a ce badge. Choisissez votre nom et tapez votre code.
notice-badge-not-here = Quelqu’un est déjà en service. Verrouillez d’abord, puis montrez votre badge.
notice-scan-not-here = Un scan n’ajoute rien pendant le paiement. Revenez d’abord à la vente.
notice-scan-before-sign-in = Identifiez-vous d’abord, puis scannez.
notice-scan-before-float = Comptez d’abord le fond de caisse (F1), puis scannez.
notice-scan-before-order = Choisissez d’abord une commande, puis scannez ses articles.
notice-expired = { $name } a expiré le { $date } : pas vendu. Ôtez-le du rayon.
notice-not-allowed = Votre rôle ne le permet pas.
notice-session-needed = Il faut une session ouverte. Appuyez sur F1 et comptez le fond de caisse.
notice-supervisor-needed = Un responsable doit le faire.
notice-reason-needed = Dites pourquoi le prix change.
notice-above-cap = Votre rôle permet { $percent } de remise au plus. Appelez un responsable.
notice-card-too-much = Plus que dû. Par carte { $due } au plus ; seules les espèces rendent la monnaie.
notice-card-taken-back = Annulez aussi { $amount } sur le terminal de paiement : la caisse ne rend rien sur la carte.
notice-card-at-terminal = Le terminal a { $amount }. Dites au paiement s’il a accepté.
notice-label-is-one = L’étiquette de { $name } vaut pour un. Ôtez × par Esc, scannez un à un.
notice-tendered-already = De l’argent a été donné. Reprenez-le d’abord.
notice-wrong-item = { $name } n’est pas dans cette commande. Rangez-le.
notice-picked-already = Tout { $name } est préparé.
notice-picked-by = { $name } prépare { $order }. Enter prend le relais.
notice-taken-off = { $name } a été ôté de cette commande. Rangez-le en rayon.
notice-order-cancelled = { $order } est annulée. Rangez ce qui est préparé.
notice-nothing-to-put-back = Rien de cette commande n’est ici.
notice-nothing-to-pick = Il n’y a plus rien à préparer pour { $order }.
notice-receipt-compulsory = La loi exige ici un ticket pour chaque vente : il s’imprime.
notice-open-order-changed = { $order } a changé. Revoyez ses lignes.
notice-wrong-collection-code = Ce code n’est pas de cette commande. Redemandez, ou demandez le nom.
notice-slip-is-no-code = { $order } figure sur chaque ticket et ne prouve rien. Scannez le code du client, ou demandez le nom.
notice-order-unknown = Aucune commande n’a ce code ou ce nom. Voyez le message du client.
notice-order-not-here = Ce magasin n’a pas de commande { $order }. Lisez le bon : elle est peut-être d’un autre magasin.
notice-order-is-sent = La commande { $order } est expédiée. Elle s’emballe sur la page entrepôt de la centrale.
notice-nothing-to-hand-over = Rien n’est encore préparé. Préparez d’abord.
notice-nothing-chosen = Tout reste ici : rien n’a été remis. Joignez d’abord une ligne.
notice-items-held = { $count ->
    [one] { $count } article est encore inconnu. Le siège doit d’abord l’identifier.
   *[other] { $count } articles sont encore inconnus. Le siège doit d’abord les identifier.
}
notice-order-handed-over = { $order } : donnée à { $customer }
notice-kept-for-order = Réservé pour { $order }. Mettez-le en case { $bay }.
notice-transfer-requested = On demande à { $store } d’en envoyer { $quantity }.
notice-transfer-to-ask = { $store } sera prié d’en envoyer { $quantity } au retour de la centrale.
notice-transfer-withdrawn = Demande à { $store } retirée.
notice-transfer-to-withdraw = { $store } l’apprendra au retour de la centrale, sauf si c’est mis de côté d’ici là.
notice-set-aside-there = { $store } l’a déjà mis de côté : il vient. Appelez pour qu’il y reste.
notice-on-its-way = C’est en route depuis { $store }. Recevez-le à l’arrivée.
notice-set-aside-elsewhere = La caisse { $till } l’a mis de côté et peut-être envoyé. Regardez s’il est encore ici.
notice-false-alarm-noted = Le cas de { $order } est clos : c’est ici. Comptez l’article à l’occasion.
notice-case-decided = Quelqu’un a déjà décidé de ce cas.
notice-proposal-gone = { $store } n’en a plus de libre : le cas de { $order } est rouvert.
notice-decided-before = Le cas de { $order } était déjà décidé : { $decision }. Votre décision est inutile.
notice-transfer-sent = C’est en route vers { $store }.
notice-transfer-not-here = Ils ne l’ont pas encore envoyé.
notice-for-another-store = C’est pour un autre magasin ; aucun client ne le retire.
notice-order-changed = { $order } a changé. Ôtez-la du panier, puis donnez-la à nouveau.
notice-order-parked = { $order } est dans un panier en attente. Rappelez ce panier.
notice-basket-parked = Le panier est en attente. { $key } le rappelle.
notice-in-basket-already = { $order } est déjà dans le panier.
notice-basket-restored = Votre panier est revenu. Reprenez où vous étiez.
notice-basket-of = C’est le panier de { $name }. Finissez-le, ou mettez-le en attente : { $key }.
notice-print-lost = Un ticket est peut-être incomplet. Voir les tâches.
notice-no-printer = Aucune imprimante n’est réglée. Les tickets sont gardés, à imprimer plus tard.
notice-disk-full = Le disque est plein : vente impossible. Faites de la place, puis reprenez.
notice-disk-read-only = Le disque est en lecture seule : vente impossible. Appelez.
notice-numbers-go-on = Des ventes manquent au fichier de cette caisse. Suite au ticket { $number } ; un panier ouvert est peut-être déjà vendu.
notice-withdrawn = { $name } n’est plus vendu : seul qui l’a commandé peut l’avoir.
notice-basket-unreadable = Ce programme ne peut pas lire le panier ouvert, mis de côté : saisissez-le à nouveau.
notice-file-set-aside = Appelez l’assistance : le fichier de la caisse était abîmé ; il est mis de côté, { $path }.
notice-settings-of-before = Appelez l’assistance : réglages du magasin illisibles ici. Les précédents restent en vigueur.
notice-settings-lost = Appelez l’assistance avant de vendre : réglages du magasin illisibles, taxes inconnues.
notice-not-saved = Impossible d’enregistrer. Rien n’a changé ; réessayez.
notice-devices-simulated = Les appareils de ce magasin sont simulés : ils restent sur leurs ports.
notice-port-not-kept = Les réglages sont inchangés : { $told }. Appelez l’assistance.
notice-zone-unknown = Fuseau { $name } inconnu : heures UTC. À corriger par la centrale.
notice-basket-open = Un panier est ouvert. Finissez-le ou mettez-le en attente.
notice-drawer-by-key = Le tiroir reste fermé : l’imprimante ne peut pas l’ouvrir. Ouvrez-le avec sa clé.
notice-session-closed = Session close : { $counted } comptés, écart { $difference }.
notice-session-closed-exact = Session close : { $counted } comptés, le compte est exact.
notice-agreed = Accepté par { $name }.
notice-copy-printing = Une copie du ticket { $number } s’imprime.
notice-gift-receipt-printing = Un ticket cadeau pour { $number } s’imprime.
notice-interim-printing = Le rapport X s’imprime.
notice-close-report-printing = Le dernier rapport Z s’imprime à nouveau.
notice-no-session-closed = Aucune session n’a encore été clôturée à cette caisse.
refused-no-such-line = Cette ligne n’existe plus.
refused-quantity-invalid = Cette quantité est impossible. Tapez-en une autre.
refused-price-invalid = Ce prix est impossible. Tapez-en un autre.
refused-price-needed = Cet article demande un prix. Tapez-le.
refused-discount-invalid = Cette remise est impossible. Tapez-en une autre.
refused-full = Le panier est plein. Encaissez d’abord.
refused-currency-mismatch = Ce prix est dans une autre monnaie.
refused-quantity-fixed = L’étiquette fixe la quantité. Scannez plutôt encore.

## Comptages et motifs

act-count = Compter
shelf-count-title = Combien y en a-t-il en rayon ?
shelf-count-title-weighed = Quelle quantité est en rayon ?
shelf-count-explained = Ne comptez que le rayon. Ce que disent les livres est dit après.
shelf-count-not-blind = Pas à l’aveugle : l’écran du stock a dit le chiffre des livres. Comptez quand même ce qui est en rayon.
shelf-count-bin = Emplacement { $bin }
shelf-count-not-here = Pas en rayon, à ne pas compter ici
shelf-count-held = { $quantity } pour { $order }, case { $bay }
shelf-count-picked = { $quantity } préparés pour { $order }
shelf-count-baskets = { $quantity } dans un panier de cette caisse
shelf-count-nothing-else = Rien n’est dans une case ni dans un panier
act-take-count = Valider le compte
shelf-count-differs = Les livres disent autre chose
shelf-count-differs-explained = Gardez { $found }, ou recomptez. Le chiffre des livres est dit après.
act-count-stands = Garder { $found }
shelf-count-surplus = { $found } comptés : plus que dans les livres
shelf-count-loss = { $found } comptés : moins que dans les livres
shelf-count-stands = Le chiffre est retenu. Dites pourquoi ; l’écart est dit après la saisie.
count-hint = Scannez ou cherchez ce qu’il faut compter
reason-found = retrouvé
reason-taken-back = repris sans bon
reason-delivery-short = moins livré que noté
reason-miscounted = mal compté avant
reason-gone = disparu, on ne sait comment
reason-damaged = abîmé, jeté
reason-other-product = vendu ou saisi comme autre article
reason-delivery = plus livré que noté
reason-own = avec vos mots
reason-left = encore { $count } caractères
act-give-reason = Donner ce motif
notice-stock-counted = { $name } : { $found } comptés, non { $expected } ({ $worth }).
notice-stock-counted-exact = { $name } : { $found } comptés, comme dans les livres.
notice-moved-while-counting = { $name } a bougé de { $moved }. Regardez encore et tapez ce qu’il y a maintenant.
notice-not-counted = { $name } n’a pas de stock à compter.
notice-count-first = Terminez d’abord le compte de { $name }, ou revenez.
notice-count-by-typing = { $name } : compte en cours. Un scan n’ajoute rien : tapez combien il y en a.
notice-count-again = { $approver } demande de recompter. Rien n’est saisi.
notice-reason-missing = Dites pourquoi.
notice-settings-unknown = Cette caisse ne connaît pas encore les taxes. Elle vend dès que la centrale les dit : vérifiez le réseau.
approval-close-session = Session de { $owner } : { $counted } comptés
approval-count = { $name } : { $found } comptés
session-title = Session de { $owner }
session-counts = compté { $count } fois
count-not-blind = { $name } a vu le montant attendu ({ $when }) : le compte n’est pas à l’aveugle, le Z le dit.
count-anew = De l’argent a bougé depuis le début du compte : recomptez tout.

## The counter beside the till, in the demo

counter-title = Le comptoir, simulé
counter-good-beep = bon bip
counter-bad-beep = mauvais bip
counter-code-hint = Tapez ou collez un code, ou une partie d’un nom
counter-tear-off = Détacher
counter-drawer-open = Le tiroir est ouvert
counter-drawer-shut = Le tiroir est fermé
counter-shut = Le fermer
counter-turn-key = Ouvrir à la clé
counter-paper-in = Papier en place
counter-paper-take = le retirer
counter-paper-out = Plus de papier
counter-paper-load = mettre un rouleau
counter-cover-shut = Capot fermé
counter-cover-open-it = l’ouvrir
counter-cover-open = Capot ouvert
counter-cover-shut-it = le fermer
counter-central-reached = Centrale jointe
counter-central-cut-it = la couper
counter-central-cut = Centrale coupée
counter-central-mend-it = la rétablir
counter-printer-plugged = Imprimante reliée
counter-printer-pull = la débrancher
counter-printer-unplugged = Sans imprimante
counter-printer-plug = la rebrancher
counter-scanner-plugged = Scanner relié
counter-scanner-pull = le débrancher
counter-scanner-unplugged = Sans scanner
counter-scanner-plug = le rebrancher
counter-scanner-clear = Scanner net
counter-scanner-garble = le brouiller
counter-scanner-garbled = Scanner brouillé
counter-scanner-mend = le réparer
counter-goods = Articles
counter-customers = Clients

# The till did not start.
stopped-read-only = La caisse ne peut pas écrire sur son disque
stopped-read-only-cure = Rien ne se vend ici tant que c’est ainsi. Redémarrez cette machine une fois ; si cela revient, appelez de l’aide : le disque est usé, ou la caisse n’a pas le droit d’écrire dans son dossier.
stopped-full = Le disque de la caisse est plein
stopped-full-cure = Faites de la place, ou appelez de l’aide. Puis réessayez.
stopped-busy = Un autre programme tient le fichier de la caisse
stopped-busy-cure = La caisse est-elle ouverte dans une autre fenêtre ? Prenez celle-là ou fermez-la. Puis réessayez.
stopped-newer = Une caisse plus récente a écrit ce fichier
stopped-newer-cure = Réinstallez le programme récent : celui-ci ne comprendrait pas tout.
stopped-foreign = Ce fichier n’est pas celui de cette caisse
stopped-foreign-cure = Appelez de l’aide : la caisse cherche dans le dossier d’une autre.
stopped-settings = Les réglages de la caisse sont illisibles
stopped-settings-cure = { $told }. Corrigez cette ligne, ou appelez de l’aide. Puis réessayez.
stopped-other = La caisse ne démarre pas
stopped-nothing-lost = Ce qui est vendu est gardé ; rien n’a été changé.
stopped-file = Ses données : { $file }
act-try-again = Réessayer
act-close-window = Fermer
