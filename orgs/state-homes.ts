import { defineStateHome } from "../lib/registry";

/** The repository whose workflows plan and apply every org. */
const github = {
  repository: "example/contact-centre-platform",
  repositoryId: "719284305",
  ownerId: "48120977",
};

export const production = defineStateHome({
  name: "production",
  bucket: "example-genesys-state-production",
  account: "111111111111",
  region: "us-east-1",
  stateAdmins: ["arn:aws:iam::111111111111:role/platform-state-admin"],
  github,
});

export const nonproduction = defineStateHome({
  name: "nonproduction",
  bucket: "example-genesys-state-nonproduction",
  account: "222222222222",
  region: "us-east-1",
  stateAdmins: ["arn:aws:iam::222222222222:role/platform-state-admin"],
  github,
});
