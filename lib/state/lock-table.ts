import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";

/** Properties of a {@link LockTable}. */
export interface LockTableProps {
  readonly name: string;
  readonly kmsKeyArn: string;
}

/**
 * A DynamoDB table as Terraform locks in it: its hash key is `LockID`, and that is all. No item
 * expires by itself: a lock has no heartbeat, and a long apply would lose its own.
 *
 * - restorable to any second: Security Hub DynamoDB.2, CKV_AWS_28, Trivy AWS-0024
 * - encrypted under a customer-managed key: CKV_AWS_119, AWS-0025
 * - protected from deletion, by AWS and by `prevent_destroy`: DynamoDB.6
 */
export class LockTable extends Construct {
  constructor(scope: Construct, id: string, { name, kmsKeyArn }: LockTableProps) {
    super(scope, id);
    new DynamodbTable(this, "table", {
      name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "LockID",
      attribute: [{ name: "LockID", type: "S" }],
      serverSideEncryption: { enabled: true, kmsKeyArn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
      lifecycle: { preventDestroy: true },
    });
  }
}
