import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";

/** Properties of a {@link LockTable}. */
export interface LockTableProps {
  readonly name: string;
  readonly kmsKeyArn: string;
}

/**
 * A DynamoDB table for Terraform's locks. Its only key is `LockID`. Items do not expire: a lock has no
 * heartbeat, so a long apply would lose its lock.
 *
 * - can be restored to any second: Security Hub DynamoDB.2, CKV_AWS_28, Trivy AWS-0024
 * - encrypted with a customer-managed key: CKV_AWS_119, AWS-0025
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
