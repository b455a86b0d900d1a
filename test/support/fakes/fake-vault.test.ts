import { SYSTEM_CLOCK } from "../../../lib/http/clock";
import { serve } from "../loopback-front";
import { FakeVault, type FakeVaultProps, VAULT_TOKEN, vaultHandler } from "./fake-vault";
import { DENIED_ENTRY, holdVaultContract } from "./vault-contract";

holdVaultContract(async () => {
  const serveFake = (props: Partial<FakeVaultProps>) => {
    const vault = new FakeVault({ clock: SYSTEM_CLOCK, ...props });
    vault.denied.add(DENIED_ENTRY);
    return serve(vaultHandler(vault));
  };
  const current = await serveFake({
    readsMetadata: true,
    capabilities: {},
    jwtRoles: { "genesys-na-prod-rotate": "test-secret-jwt" },
  });
  const old = await serveFake({ mount: "old", kvVersion: 1 });
  return {
    address: current.url,
    oldAddress: old.url,
    token: VAULT_TOKEN,
    stop: async () => {
      await Promise.all([current.stop(), old.stop()]);
    },
  };
});
