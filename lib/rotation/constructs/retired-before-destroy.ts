import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import {
  Aspects,
  dependable,
  type ITerraformDependable,
  TerraformModule,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { RotationFunction } from "./rotation-function";

const ID = "retired-before-destroy";

/**
 * Refuses a destroy as long as clients are alive: Terraform calls the reconciler before it destroys
 * this, and takes its error, which names the command to run, for the provider's. What this depends
 * on is destroyed after it, so not at all.
 */
export function retiredBeforeDestroy(
  scope: Construct,
  reconciler: RotationFunction,
  input: { readonly credential?: string },
): LambdaInvocation {
  return new LambdaInvocation(scope, ID, {
    functionName: reconciler.function.functionName,
    input: JSON.stringify(input),
    lifecycleScope: "CRUD",
  });
}

/**
 * The same for the whole stack: nothing of it is destroyed while one of the org's clients is alive.
 * It depends on every other resource and module of the stack. Those of the credentials stand beside it since
 * this one is made last, and not at all when an apply fails before.
 */
export function stackRetiredBeforeDestroy(scope: Construct, reconciler: RotationFunction): void {
  const guard = retiredBeforeDestroy(scope, reconciler, {});
  const others = new Set<string>();
  Aspects.of(TerraformStack.of(scope)).add({
    visit(node) {
      if (!isDestroyed(node) || node === guard) return;
      others.add(dependable(node));
      guard.dependsOn = [...others];
    },
  });
}

// cdktf tells resources from others, but not modules.
const isDestroyed = (node: IConstruct): node is IConstruct & ITerraformDependable =>
  TerraformResource.isTerraformResource(node) || node instanceof TerraformModule;
