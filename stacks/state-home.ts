import type { Construct } from "constructs";
import { type Home, HomeStack, type Org, StateHome } from "../lib";

/** A state home of this deployment. */
export class StateHomeStack extends HomeStack {
  constructor(scope: Construct, home: Home, orgs: readonly Org[]) {
    super(scope, home);
    new StateHome(this, "home", { home, orgs });
  }
}
