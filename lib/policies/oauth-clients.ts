import { asText, type Block, isExpression, type SynthesizedStack } from "./synthesized-stack";

/** Grants in which a browser carries the user to the client and back. */
const INTERACTIVE = new Set(["CODE", "TOKEN", "SAML2BEARER"]);

/** The Genesys Cloud OAuth clients that a stack manages by Terraform. */
export function oauthClients(stack: SynthesizedStack): Block[] {
  return stack.resources("genesyscloud_oauth_client");
}

/** A client's grant in one spelling, since the API also wrote `_`, and SAML with and without `-`. */
export function grantOf(client: Block): string {
  const grant = (asText(client.body.authorized_grant_type) ?? "").toUpperCase().replace(/_/g, "-");
  return grant === "SAML2-BEARER" ? "SAML2BEARER" : grant;
}

/** Whether a client logs users in. */
export function isInteractive(client: Block): boolean {
  return INTERACTIVE.has(grantOf(client));
}

/** A client's name, where it is known at synth. */
export function nameOf(client: Block): string | undefined {
  const { name } = client.body;
  return isExpression(name) ? undefined : asText(name);
}
