/** A failure that the output of the command has already reported: no further message. */
export class ReportedFailure extends Error {
  constructor(readonly exitCode = 1) {
    super();
  }
}
