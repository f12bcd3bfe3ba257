# De woorden van de kassa, Nederlands. Elk bericht is verklaard in src/gui/text/words.rs.

## Tijden

moment-today = vandaag { $time }
moment-tomorrow = morgen { $time }
moment-yesterday = gisteren { $time }
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
