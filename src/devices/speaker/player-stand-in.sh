#!/bin/sh
# Stands in for pw-play, paplay or aplay in tests: writes down what it is told to play, beside it, and plays until nobody
# holds it. Its own file because a program that is still being written cannot be run.
folder=$(dirname "$1")
echo "$(basename "$0") $(basename "$1")" >>"$folder/played"
while [ -e "$folder/hold" ]; do sleep 0.01; done
