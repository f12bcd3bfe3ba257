# Die Wörter der Kasse, Deutsch. Jede Nachricht ist in src/gui/text/words.rs erklärt.

## Zeiten

moment-today = heute { $time }
moment-tomorrow = morgen { $time }
moment-yesterday = gestern { $time }
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
