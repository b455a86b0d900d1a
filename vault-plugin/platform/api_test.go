package platform_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

var ctx = context.Background()

type fixture struct {
	org    *fake.Org
	clock  *fake.Clock
	master *fake.Client
	api    *platform.API
}

func senderOf(clock *fake.Clock, org *fake.Org) *platform.Sender {
	return &platform.Sender{
		HTTP: fake.Transport{Org: org}, Clock: clock, Limiter: platform.NewLimiter(clock),
		Breaker: platform.NewBreaker(clock),
		Random:  func() float64 { return 0.5 },
	}
}

func setUp(t *testing.T) *fixture {
	t.Helper()
	clock := fake.NewClock()
	org := fake.NewOrg(clock)
	master := org.Add("master", "", fake.Grant("role-1", "*"))
	endpoints, _ := platform.EndpointsOf("eu-central-1")
	api := platform.New(senderOf(clock, org), senderOf(clock, org), endpoints,
		platform.Credential{ClientID: master.ID, ClientSecret: master.Secret})
	return &fixture{org, clock, master, api}
}

// once has one fault for the first request of a method.
func once(method, path string, fault fake.Fault) func(fake.Request) fake.Fault {
	done := false
	return func(r fake.Request) fake.Fault {
		if done || r.Method != method || !strings.HasPrefix(r.Path, path) {
			return fake.None
		}
		done = true
		return fault
	}
}

func count(calls []fake.Request, method, path string) (n int) {
	for _, c := range calls {
		if c.Method == method && strings.HasPrefix(c.Path, path) {
			n++
		}
	}
	return n
}

var newClient = platform.NewClient{
	Name: "n", Description: "d", TokenSeconds: 300,
	Grants: []platform.RoleDivision{{RoleID: "role-1", DivisionID: "*"}},
}

func TestCreateIsNeverRepeatedWhenItMayHaveWorked(t *testing.T) {
	for fault, made := range map[fake.Fault]int{fake.AnswerLost: 1, fake.NotReached: 0, fake.Unavailable: 0} {
		f := setUp(t)
		f.org.Fault = once("POST", "/api/v2/oauth/clients", fault)
		_, err := f.api.Create(ctx, newClient)
		if !platform.IsUncertain(err) {
			t.Errorf("fault %d: %v must be uncertain", fault, err)
		}
		if got := len(f.org.Clients()) - 1; got != made {
			t.Errorf("fault %d: %d clients, want %d", fault, got, made)
		}
	}
}

func TestCreateIsRepeatedAfterTooMany(t *testing.T) {
	f := setUp(t)
	started := f.clock.Now()
	f.org.Fault = once("POST", "/api/v2/oauth/clients", fake.TooMany)
	client, err := f.api.Create(ctx, newClient)
	if err != nil || client.Secret == "" {
		t.Fatal(err)
	}
	if waited := f.clock.Now().Sub(started); waited < 42*time.Second {
		t.Errorf("waited %s, but Retry-After was 42 s", waited)
	}
	if len(f.org.Clients()) != 2 {
		t.Error("one client must be made")
	}
}

func TestCreateGivesUpOnARefusal(t *testing.T) {
	f := setUp(t)
	wrong := newClient
	wrong.Grants = []platform.RoleDivision{{RoleID: "role-9", DivisionID: "*"}}
	_, err := f.api.Create(ctx, wrong)
	if platform.IsUncertain(err) || !platform.IsRefusedRequest(err) {
		t.Fatalf("%v must be a certain refusal", err)
	}
	want := "POST /api/v2/oauth/clients: HTTP 400 bad.request You cannot grant roles that you do not have (correlation id correlation-1)"
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
}

func TestUpdateKeepsUnknownFields(t *testing.T) {
	f := setUp(t)
	other := f.org.Add("other", "of a person", fake.Grant("role-1", "*"))
	if _, err := f.api.Update(ctx, other.ID, platform.Changes{"state": platform.Inactive}); err != nil {
		t.Fatal(err)
	}
	after := f.org.Client(other.ID)
	if after.State() != "inactive" || after.Fields["futureField"] == nil || after.Fields["description"] != "of a person" {
		t.Errorf("fields were lost: %v", after.Fields)
	}
}

func TestAnIdempotentCallIsRepeated(t *testing.T) {
	f := setUp(t)
	for _, fault := range []fake.Fault{fake.AnswerLost, fake.NotReached, fake.Unavailable, fake.TooMany} {
		f.org.Fault = once("GET", "/api/v2/organizations", fault)
		if id, err := f.api.OrganizationID(ctx); err != nil || id != f.org.ID {
			t.Errorf("fault %d: %v", fault, err)
		}
	}
}

func TestACallGivesUpAfterThreeRetries(t *testing.T) {
	f := setUp(t)
	sent := 0
	f.org.Fault = func(r fake.Request) fake.Fault {
		if r.Path == "/oauth/token" {
			return fake.None
		}
		sent++
		return fake.Unavailable
	}
	_, err := f.api.OrganizationID(ctx)
	var failed *platform.Error
	if !errors.As(err, &failed) || failed.Attempts != 4 || sent != 4 {
		t.Errorf("%v after %d requests", err, sent)
	}
}

func TestOneTokenIsKeptAndReplacedWhenRefused(t *testing.T) {
	f := setUp(t)
	for range 3 {
		if _, err := f.api.OrganizationID(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(f.org.Calls(), "POST", "/oauth/token"); n != 1 {
		t.Errorf("%d logins, want 1", n)
	}
	f.clock.Advance(25 * time.Hour)
	if _, err := f.api.OrganizationID(ctx); err != nil {
		t.Fatal(err)
	}
	if n := count(f.org.Calls(), "POST", "/oauth/token"); n != 2 {
		t.Errorf("%d logins, want 2", n)
	}
}

func TestTheLimiterKeepsBelowTheLimit(t *testing.T) {
	f := setUp(t)
	started := f.clock.Now()
	for range 1000 {
		if _, err := f.api.OrganizationID(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if took := f.clock.Now().Sub(started); took < 3*time.Minute {
		t.Errorf("1000 calls in %s", took)
	}
	if f.org.Refused() > 0 {
		t.Errorf("%d calls were refused", f.org.Refused())
	}
}

func TestAListIsWholeOrAnError(t *testing.T) {
	f := setUp(t)
	for range 60 {
		f.org.Add("other", "")
	}
	all, err := f.api.Clients(ctx)
	if err != nil || len(all) != 61 {
		t.Fatalf("%d clients, %v", len(all), err)
	}
	f.org.ListLag = 48 * time.Hour
	if _, err := f.api.Clients(ctx); err == nil || !strings.Contains(err.Error(), "incomplete") {
		t.Errorf("a list without the caller must be refused: %v", err)
	}
}

// deleting deletes a client after the first page of each of some lists, so that the pages after it begin one
// client later.
func (f *fixture) deleting(lists int) {
	const pagesOfAList = 3
	pages := 0
	f.org.Fault = func(r fake.Request) fake.Fault {
		if r.Method != "GET" || pages == lists*pagesOfAList {
			return fake.None
		}
		if pages++; pages%pagesOfAList == 2 {
			f.org.Change(f.org.Clients()[1].ID, map[string]any{"state": "deleted"})
		}
		return fake.None
	}
}

func TestAListIsReadAgainIfAClientWasDeletedMeanwhile(t *testing.T) {
	f := setUp(t)
	for range 60 {
		f.org.Add("other", "")
	}
	f.deleting(2)
	all, err := f.api.Clients(ctx)
	if err != nil || len(all) != 59 {
		t.Errorf("%d clients, %v", len(all), err)
	}
	f.deleting(3)
	if all, err := f.api.Clients(ctx); err == nil {
		t.Errorf("a list that always changes must be refused: it has %d clients", len(all))
	}
}

func TestClientsAreCountedThatAreDeletedMeanwhile(t *testing.T) {
	f := setUp(t)
	for range 60 {
		f.org.Add("other", "")
	}
	f.deleting(1)
	n, listed, err := f.api.CountClients(ctx)
	if err != nil || n != 61 || len(listed) != 60 {
		t.Errorf("%d clients, %d on the list, %v", n, len(listed), err)
	}
	if pages := count(f.org.Calls(), "GET", "/api/v2/oauth/clients"); pages != 3 {
		t.Errorf("%d pages were read, want 3", pages)
	}
}

func TestNoErrorRepeatsTheCredential(t *testing.T) {
	f := setUp(t)
	endpoints, _ := platform.EndpointsOf("eu-central-1")
	secret := "wrong-secret-wrong-secret"
	_, err := platform.Login(ctx, senderOf(f.clock, f.org), endpoints, platform.Credential{ClientID: f.master.ID, ClientSecret: secret})
	if !platform.IsUnknownClient(err) || strings.Contains(err.Error(), secret) {
		t.Error(err)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	server := httptest.NewServer(redirecting{})
	defer server.Close()
	clock := fake.NewClock()
	sender := senderOf(clock, nil)
	sender.HTTP = server.Client().Transport
	_, err := platform.Login(ctx, sender, platform.Endpoints{API: server.URL, Login: server.URL}, platform.Credential{ClientID: "a", ClientSecret: "b"})
	if err == nil || !strings.Contains(err.Error(), "redirects are not followed") {
		t.Error(err)
	}
}

func TestOverHTTP(t *testing.T) {
	f := setUp(t)
	server := httptest.NewServer(f.org)
	defer server.Close()
	sender := senderOf(f.clock, f.org)
	sender.HTTP = server.Client().Transport
	api := platform.New(sender, sender, platform.Endpoints{API: server.URL, Login: server.URL},
		platform.Credential{ClientID: f.master.ID, ClientSecret: f.master.Secret})
	client, err := api.Create(ctx, newClient)
	if err != nil {
		t.Fatal(err)
	}
	if err := api.Delete(ctx, client.ID); err == nil {
		t.Error("an active client must not be deleted")
	}
	if _, err := api.Update(ctx, client.ID, platform.Changes{"state": platform.Inactive}); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := api.Delete(ctx, client.ID); err != nil {
			t.Error(err)
		}
	}
	if found, err := api.Client(ctx, client.ID); found != nil || err != nil {
		t.Error(found, err)
	}
}
