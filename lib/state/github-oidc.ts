/** Issuer of GitHub Actions' identity tokens. */
export const GITHUB_OIDC_HOST = "token.actions.githubusercontent.com";

/** Audience that AWS requires of the tokens. */
export const AWS_AUDIENCE = "sts.amazonaws.com";
