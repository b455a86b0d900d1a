/** A failure that the command's output has already reported: exit code 1, and no other message. */
export class ReportedFailure extends Error {}
