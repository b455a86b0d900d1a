// Command vault-plugin-for-tests is the Vault secrets engine with a fast clock, for tests with a real Vault
// server. CLOCK_SPEED says how many times as fast as the machine's it is. Vault has the machine's clock: it
// is told leases that are as much shorter, so both end a lease at the same time. Only Vault's own periodic
// work is not faster: write tidy, or give the server a shorter RollbackPeriod.
package main

import (
	"log"
	"os"
	"strconv"
	"time"

	"github.com/hashicorp/vault/sdk/plugin"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

func main() {
	built, err := builtAt()
	if err != nil {
		log.Fatal(err)
	}
	speed, err := strconv.Atoi(os.Getenv("CLOCK_SPEED"))
	if err != nil || speed < 1 {
		log.Fatal("CLOCK_SPEED is not a number of 1 or more: set it in the plugin catalog's env")
	}
	clock := fastClock{platform.SystemClock{}, built, time.Duration(speed)}
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
