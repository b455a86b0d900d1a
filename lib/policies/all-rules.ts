import type { PolicyRule } from "./rule";
import { crossOrg } from "./rules/cross-org";
import { module } from "./rules/module";
import { oauthName } from "./rules/oauth-name";
import { oauthRedirect } from "./rules/oauth-redirect";
import { oauthRole } from "./rules/oauth-role";
import { oauthScope } from "./rules/oauth-scope";
import { oauthSecretFile } from "./rules/oauth-secret-file";
import { oauthSecretInState } from "./rules/oauth-secret-in-state";
import { oauthShared } from "./rules/oauth-shared";
import { oauthTokenLifetime } from "./rules/oauth-token-lifetime";
import { policyOpen } from "./rules/policy-open";
import { policySize } from "./rules/policy-size";
import { provisioner } from "./rules/provisioner";
import { roleBoundary } from "./rules/role-boundary";
import { secretInState } from "./rules/secret-in-state";
import { secretLiteral } from "./rules/secret-literal";
import { stateEncrypted } from "./rules/state-encrypted";
import { stateLocked } from "./rules/state-locked";
import { vaultDataSource } from "./rules/vault-data-source";
import { version } from "./rules/version";
import { wrongOrgGuard } from "./rules/wrong-org-guard";

/** Every rule, in the order of lib/policies/README.md. */
export const ALL_RULES: readonly PolicyRule[] = [
  oauthName,
  oauthShared,
  oauthScope,
  oauthRole,
  oauthRedirect,
  oauthTokenLifetime,
  oauthSecretInState,
  oauthSecretFile,
  stateEncrypted,
  stateLocked,
  secretLiteral,
  vaultDataSource,
  secretInState,
  wrongOrgGuard,
  crossOrg,
  policyOpen,
  roleBoundary,
  policySize,
  provisioner,
  module,
  version,
];
