package engine

import (
	"strings"
	"testing"

	"github.com/hashicorp/vault/sdk/logical"
)

const addresses = "192.0.2.0/24"

func TestRolesMayBeWrittenBeforeTheConfig(t *testing.T) {
	v := newVault(t)
	v.must("roles/crm", map[string]any{"role_divisions": roleA + ":*", "allow_creds": true})
	wants(t, v.refused(logical.UpdateOperation, "roles/crm", map[string]any{"most_leases": 0}), "the role crm is not valid", "most_leases 0")
	for path, operation := range map[string]logical.Operation{
		"token/crm": logical.ReadOperation, "creds/crm": logical.ReadOperation, "roles/crm/rotate": logical.UpdateOperation,
	} {
		wants(t, v.refused(operation, path, nil), "no organisation yet", "write its config first")
	}
	if response := v.must("config", v.config()); response != nil {
		t.Errorf("warnings: %v", response.Warnings)
	}
	v.read("token/crm")
	v.read("creds/crm")
	if n := len(v.made()); n != 2 {
		t.Errorf("%d clients", n)
	}
}

func TestARoleWithAddressesGetsNoClientWithoutTheirField(t *testing.T) {
	v := newVault(t)
	v.must("roles/free", map[string]any{"role_divisions": roleA + ":*"})
	v.must("roles/crm", map[string]any{"role_divisions": roleA + ":*", "allow_creds": true, "allowed_addresses": addresses})
	warnings := strings.Join(v.must("config", v.config()).Warnings, "")
	wants(t, warnings, "na-prod", "role crm", "allowed_addresses", "address_field")
	if strings.Contains(warnings, "free") {
		t.Error(warnings)
	}
	for path, operation := range map[string]logical.Operation{
		"token/crm": logical.ReadOperation, "creds/crm": logical.ReadOperation, "roles/crm/rotate": logical.UpdateOperation,
	} {
		wants(t, v.refused(operation, path, nil), "na-prod", "role crm", "allowed_addresses", "address_field in config")
	}
	if n := len(v.made()); n != 0 {
		t.Errorf("%d clients without addresses", n)
	}
	v.read("token/free")
	if response := v.must("config", map[string]any{"address_field": "allowedIps"}); response != nil {
		t.Errorf("warnings: %v", response.Warnings)
	}
	v.read("token/crm")
	v.read("creds/crm")
}

func TestAFieldForAddressesThatIsTakenAwayFreesNoClient(t *testing.T) {
	v := configured(t)
	v.must("config", map[string]any{"address_field": "allowedIps"})
	v.must("roles/crm", map[string]any{"allowed_addresses": addresses})
	id := v.read("token/crm").Data["client_id"].(string)
	wants(t, strings.Join(v.must("config", map[string]any{"address_field": ""}).Warnings, ""), "role crm")
	wants(t, v.refused(logical.ReadOperation, "token/crm", nil), "address_field")
	v.clock.Advance(8 * day)
	wants(t, v.tick(), "role crm was not rotated", "address_field")
	if made := v.made(); len(made) != 1 || made[0].ID != id || made[0].Fields["allowedIps"] == nil {
		t.Errorf("the client must stay as it is: %v", made)
	}
}
