import { holdAgainstContract } from "../support/fakes/secrets-manager-contract";
import { startMoto } from "../support/moto";

// What the fake is held against. A case that is marked with "moto differs" is one in which moto is
// known not to do what AWS documents: it fails when moto comes to do so.
holdAgainstContract(startMoto, true);
