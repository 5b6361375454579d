#!/bin/sh
# A child, a file beside the program, and what the playground gives.
echo child &
wait
echo "$1 $(cat "$2")"
echo "$PLAYGROUND_PARAMS $PLAYGROUND_SEED" # greeting
