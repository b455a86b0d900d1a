import { holdParametersAgainstContract } from "../support/fakes/parameters-contract";
import { startMoto } from "../support/moto";

holdParametersAgainstContract(startMoto, true);
