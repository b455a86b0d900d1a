/** Issuer of the identity tokens of GitHub Actions. */
export const GITHUB_OIDC_HOST = "token.actions.githubusercontent.com";

/** Audience of the tokens that AWS takes. */
export const AWS_AUDIENCE = "sts.amazonaws.com";
