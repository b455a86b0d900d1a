// Command vault-plugin-for-tests is the Vault secrets engine with a clock on which a minute lasts a second,
// for tests with a real Vault server. Vault has the machine's clock: it is told leases that are as much
// shorter, so both end a lease at the same time. Only Vault's own periodic work is not faster: write tidy,
// or give the server a shorter RollbackPeriod.
package main

import (
	"log"
	"os"
	"time"

	"github.com/hashicorp/vault/sdk/plugin"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

func main() {
	built, err := builtAt()
	if err != nil {
		log.Fatal(err)
	}
	clock := fastClock{platform.SystemClock{}, built}
	if err := plugin.ServeMultiplex(&plugin.ServeOpts{BackendFactoryFunc: factory(clock)}); err != nil {
		log.Fatal(err)
	}
}

// builtAt returns when this program was built. A clock that began with the process would be set back by
// each restart.
func builtAt() (time.Time, error) {
	path, err := os.Executable()
	if err != nil {
		return time.Time{}, err
	}
	file, err := os.Stat(path)
	if err != nil {
		return time.Time{}, err
	}
	return file.ModTime(), nil
}
