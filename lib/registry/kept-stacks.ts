/**
 * Environment variable that names the folder of a synthesis in which the stacks of other orgs may stay.
 * Only commands of this library set it.
 */
export const KEEPS_STACKS_VARIABLE = "GENESYS_ORGS_KEEPS_STACKS";
