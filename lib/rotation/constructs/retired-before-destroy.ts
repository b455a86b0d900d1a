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
 * Refuses a destroy while clients are alive. Terraform calls the reconciler before it destroys this
 * resource, and shows its error, which names the command to run, as an error of the provider.
 * Everything that this resource depends on would be destroyed after it, so it stays as well.
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
 * Does the same for the whole stack, so that nothing of it is destroyed while one of the org's
 * clients is alive. It depends on every other resource and module of the stack. The credentials
 * have guards of their own as well, since this one is created last, and not at all if an apply
 * fails earlier.
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

// cdktf can recognize resources, but not modules.
const isDestroyed = (node: IConstruct): node is IConstruct & ITerraformDependable =>
  TerraformResource.isTerraformResource(node) || node instanceof TerraformModule;
