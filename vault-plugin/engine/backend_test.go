package engine

import (
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
)

func TestAFasterClockShortensTheAgeThatTheSDKMeasures(t *testing.T) {
	for speed, factory := range map[int]logical.Factory{1: Factory, 60: FactoryWith(fake.NewClock(), 60)} {
		made, err := factory(t.Context(), &logical.BackendConfig{StorageView: &logical.InmemStorage{}})
		if err != nil {
			t.Fatal(err)
		}
		age := made.(*backend).WALRollbackMinAge
		if age*time.Duration(speed) != walAge {
			t.Errorf("%d times as fast: %s", speed, age)
		}
	}
}
