package engine

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"
)

func TestConfigNeverShowsTheSecret(t *testing.T) {
	v := configured(t)
	shown := fmt.Sprint(v.read("config").Data)
	wants(t, shown, v.master.ID, "na-prod")
	if strings.Contains(shown, v.master.Secret) {
		t.Error("the secret is shown")
	}
}

func TestConfigSaysWhetherTheMasterIsItsOwn(t *testing.T) {
	v := configured(t)
	if own := v.read("config").Data["own_master"]; own != false {
		t.Errorf("a master that was given: own_master is %v", own)
	}
	v.must("config/rotate-root", nil)
	if own := v.read("config").Data["own_master"]; own != true {
		t.Errorf("a master that the engine made: own_master is %v", own)
	}
	v.must("config", v.config())
	if own := v.read("config").Data["own_master"]; own != false {
		t.Errorf("a master that was given again: own_master is %v", own)
	}
}

// Terraform compares what it reads with what it wrote, as JSON.
func TestARoleIsReadAsItWasWritten(t *testing.T) {
	v := configured(t)
	for _, written := range []string{
		`{"role_divisions":["` + roleB + `:*"],"allowed_addresses":[],"token_lifetime":1800,"rotation_period":604800,"first_ttl":600,"ttl":3600,"max_ttl":86400,"allow_creds":false,"most_leases":20,"delete_at_once":false}`,
		`{"role_divisions":["` + roleB + `:*","` + roleA + `:*"],"allowed_addresses":[],"token_lifetime":300,"rotation_period":86400,"first_ttl":300,"ttl":300,"max_ttl":900,"allow_creds":true,"most_leases":3,"delete_at_once":true}`,
	} {
		fields := map[string]any{}
		if err := json.Unmarshal([]byte(written), &fields); err != nil {
			t.Fatal(err)
		}
		v.must("roles/crm", fields)
		read, err := json.Marshal(v.read("roles/crm").Data)
		if err != nil {
			t.Fatal(err)
		}
		wanted, _ := json.Marshal(fields)
		if string(read) != string(wanted) {
			t.Errorf("written %s\nread    %s", wanted, read)
		}
	}
}

func TestConfigIsVerifiedBeforeItIsStored(t *testing.T) {
	for name, example := range map[string]struct {
		change map[string]any
		wants  []string
	}{
		"another org":    {map[string]any{"org_id": "other"}, []string{"belongs to the organisation", "org_id is other", "nothing was stored"}},
		"a wrong secret": {map[string]any{"client_secret": "wrong-canary"}, []string{"invalid_client", "check both"}},
		"all problems":   {map[string]any{"region": "mars", "client_id": "", "most_clients": -1}, []string{`region "mars"`, "client_id is missing", "most_clients -1"}},
		"a plain URL":    {map[string]any{"api_url": "http://evil.example"}, []string{"api_url"}},
	} {
		v := newVault(t)
		data := v.config()
		for field, value := range example.change {
			data[field] = value
		}
		wants(t, v.refused(logical.UpdateOperation, "config", data), example.wants...)
		if v.keys("") != nil && len(v.keys("")) > 0 {
			t.Errorf("%s: something was stored", name)
		}
	}
}

func TestTheSecretIsNotSentElsewhereWithoutItself(t *testing.T) {
	v := configured(t)
	wants(t, v.refused(logical.UpdateOperation, "config", map[string]any{"api_url": "https://evil.example"}), "write client_secret")
	wants(t, v.refused(logical.UpdateOperation, "config", map[string]any{"region": "us-east-1"}), "write client_secret")
	if v.calls("") != 0 {
		t.Error("a call was made")
	}
	v.must("config", map[string]any{"most_clients": 50})
}

func TestTheOrganisationStaysWhileThereAreClients(t *testing.T) {
	v := configured(t)
	v.read("token/crm")
	data := v.config()
	data["org_id"] = "other"
	wants(t, v.refused(logical.UpdateOperation, "config", data), "1 clients", "delete the roles")
	wants(t, v.refused(logical.DeleteOperation, "config", nil), "cannot be deleted")
	if problem := failed(v.do(logical.DeleteOperation, "roles/crm", nil)); problem != "" {
		t.Fatal(problem)
	}
	v.settle(0)
	v.settle(3 * time.Hour)
	if problem := failed(v.do(logical.DeleteOperation, "config", nil)); problem != "" {
		t.Fatal(problem)
	}
}

func TestRotateRoot(t *testing.T) {
	v := configured(t)
	v.read("token/crm")
	response := v.must("config/rotate-root", nil)
	wants(t, strings.Join(response.Warnings, ""), v.master.ID, "stays active")
	first := response.Data["client_id"].(string)
	client := v.org.Client(first)
	if fmt.Sprint(client.Fields["roleDivisions"]) != fmt.Sprint(v.master.Fields["roleDivisions"]) || client.Fields["futureField"] == nil {
		t.Errorf("the new master has other roles or fields: %v", client.Fields)
	}
	second := v.must("config/rotate-root", nil).Data["client_id"].(string)
	v.settle(0)
	if state := v.org.Client(first).State(); state != "inactive" {
		t.Errorf("the master that the engine made is %s", state)
	}
	v.settle(25 * time.Hour)
	if state := v.org.Client(first).State(); state != "deleted" {
		t.Errorf("the master that the engine made is %s", state)
	}
	if v.org.Client(second).State() != "active" || v.org.Client(v.master.ID).State() != "active" {
		t.Error("the present master and the given one must be active")
	}
	v.restart()
	v.read("creds/crm")
	v.untouched()
}

func TestRotateRootRetiresAGivenMasterWhenAsked(t *testing.T) {
	v := configured(t)
	v.must("config/rotate-root", map[string]any{"retire_given": true})
	v.settle(0)
	if state := v.org.Client(v.master.ID).State(); state != "inactive" {
		t.Errorf("the given master is %s", state)
	}
	v.settle(25 * time.Hour)
	if state := v.org.Client(v.master.ID).State(); state != "deleted" {
		t.Errorf("the given master is %s", state)
	}
	v.untouched()
}

func TestTidyReportsNoClientsWhenOnlyTheMasterIsLeft(t *testing.T) {
	v := configured(t)
	v.must("config/rotate-root", map[string]any{"retire_given": true})
	v.read("token/crm")
	if left := v.must("tidy", nil).Data["clients"]; left != 2 {
		t.Errorf("%v clients, want the role's and the given master", left)
	}
	if problem := failed(v.do(logical.DeleteOperation, "roles/crm", nil)); problem != "" {
		t.Fatal(problem)
	}
	v.settle(0)
	v.settle(25 * time.Hour)
	if left := v.must("tidy", nil).Data["clients"]; left != 0 {
		t.Errorf("%v clients, want none", left)
	}
}

func TestEarlierMastersStillProveWhatTheyMade(t *testing.T) {
	v := configured(t)
	v.org.Fault = losing("POST", "/api/v2/oauth/clients")
	v.refused(logical.ReadOperation, "creds/crm", nil)
	v.must("config/rotate-root", map[string]any{"retire_given": true})
	v.settle(3 * time.Minute)
	if n := len(v.made()); n != 1 {
		t.Errorf("%d clients, want the new master only", n)
	}
}

func TestTheMasterInUseIsNeverRetired(t *testing.T) {
	v := configured(t)
	v.must("config/rotate-root", map[string]any{"retire_given": true})
	// Someone configures the former master again before it was deactivated.
	v.must("config", v.config())
	wants(t, v.tick(), "na-prod", v.master.ID, "master in use")
	if state := v.org.Client(v.master.ID).State(); state != "active" {
		t.Errorf("the master in use is %s", state)
	}
	if len(v.made()) != 1 || v.made()[0].State() != "inactive" {
		t.Error("the other master, which the engine made, must be retired")
	}
}
