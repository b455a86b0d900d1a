/** A failure that the output of the command has already reported: exit code 1, no further message. */
export class ReportedFailure extends Error {}
