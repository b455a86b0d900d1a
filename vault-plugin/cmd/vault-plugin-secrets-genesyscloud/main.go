// Command vault-plugin-secrets-genesyscloud is a Vault secrets engine for OAuth clients of Genesys
// Cloud. Vault starts it; it does nothing when it is started by hand.
package main

import (
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/sdk/plugin"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/engine"
)

func main() {
	err := plugin.ServeMultiplex(&plugin.ServeOpts{BackendFactoryFunc: engine.Factory})
	if err != nil {
		hclog.New(&hclog.LoggerOptions{}).Error("the plugin stops", "error", err)
		os.Exit(1)
	}
}
