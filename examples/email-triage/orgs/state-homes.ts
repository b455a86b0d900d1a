import { defineStateHome } from "cdktf-genesys-orgs";

export const production = defineStateHome({
  name: "production",
  bucket: "example-genesys-state-production",
  account: "111111111111",
  region: "us-east-1",
  stateAdmins: ["arn:aws:iam::111111111111:role/platform-state-admin"],
});

export const nonproduction = defineStateHome({
  name: "nonproduction",
  bucket: "example-genesys-state-nonproduction",
  account: "222222222222",
  region: "us-west-2",
  stateAdmins: ["arn:aws:iam::222222222222:role/platform-state-admin"],
});
