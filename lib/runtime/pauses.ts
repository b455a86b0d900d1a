/** Shortest time between two attempts after a failure, and between two forced reads, in milliseconds. */
export const PAUSE = 30_000;

/** Shortest time between two attempts while there is no value, in milliseconds. */
export const SHORT_PAUSE = 2_000;
