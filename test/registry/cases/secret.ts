/** A secret that is easy to find in a message. */
export const SECRET = "TEST-SECRET-4711";
