package platform_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// failing returns an API whose creates fail, while reads work. A create is sent once.
func failing(t *testing.T) *fixture {
	f := setUp(t)
	f.org.Fault = func(r fake.Request) fake.Fault {
		if r.Method == "POST" && r.Path != "/oauth/token" {
			return fake.Unavailable
		}
		return fake.None
	}
	return f
}

// calls makes calls that work, and then some that fail. It returns the last error.
func (f *fixture) calls(good, bad int) error {
	var err error
	for range good {
		_, err = f.api.OrganizationID(ctx)
	}
	for range bad {
		_, err = f.api.Create(ctx, newClient)
	}
	return err
}

func isOpen(err error) bool {
	return err != nil && strings.Contains(err.Error(), "not sent: too many calls failed in the last minute")
}

func TestTheBreakerOpensWithTheTwentiethCallThatFails(t *testing.T) {
	f := failing(t)
	if err := f.calls(0, 20); isOpen(err) {
		t.Errorf("too early: %s", err)
	}
	err := f.calls(1, 0)
	if want := "GET /api/v2/organizations/me: not sent: too many calls failed in the last minute; try again in 30 s"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if platform.IsUncertain(f.calls(0, 1)) {
		t.Error("a call that was not sent had no effect")
	}
}

func TestTheBreakerOpensAboveFivePercent(t *testing.T) {
	f := failing(t)
	f.calls(19, 1)
	if err := f.calls(1, 0); err != nil {
		t.Errorf("one of twenty: %s", err)
	}
	f.calls(0, 1)
	if err := f.calls(1, 0); !isOpen(err) {
		t.Errorf("two of 22: %v", err)
	}
}

func TestTheBreakerForgetsFailuresAfterAMinute(t *testing.T) {
	for passed, opens := range map[time.Duration]bool{59*time.Second + 999*time.Millisecond: true, time.Minute: false} {
		f := failing(t)
		f.calls(0, 19)
		f.clock.Advance(passed)
		f.calls(1, 0)
		if err := f.calls(1, 0); isOpen(err) != opens {
			t.Errorf("after %s: %v", passed, err)
		}
	}
	f := failing(t)
	for range 100 {
		if err := f.calls(0, 5); isOpen(err) {
			t.Fatal("a few calls a minute must never add up")
		}
		f.clock.Advance(20 * time.Second)
	}
}

func TestTheBreakerClosesWithAProbeThatWorks(t *testing.T) {
	f := failing(t)
	f.calls(0, 20)
	f.clock.Advance(30*time.Second - time.Millisecond)
	if err := f.calls(1, 0); !isOpen(err) {
		t.Errorf("it must be open for 30 s: %v", err)
	}
	f.clock.Advance(time.Millisecond)
	if err := f.calls(1, 19); isOpen(err) {
		t.Errorf("it must count anew: %s", err)
	}
	f.calls(0, 1)
	if err := f.calls(1, 0); !isOpen(err) {
		t.Errorf("it must open again: %v", err)
	}
}

func TestTheBreakerStaysOpenWithAProbeThatFails(t *testing.T) {
	f := failing(t)
	f.calls(0, 20)
	f.clock.Advance(30 * time.Second)
	if err := f.calls(0, 1); isOpen(err) {
		t.Errorf("the probe must be sent: %s", err)
	}
	f.clock.Advance(29 * time.Second)
	if err := f.calls(1, 0); !isOpen(err) {
		t.Errorf("it must be open for another 30 s: %v", err)
	}
	f.clock.Advance(time.Second)
	if err := f.calls(1, 0); err != nil {
		t.Error(err)
	}
}

func TestOnlyOneCallIsTheProbe(t *testing.T) {
	f := failing(t)
	f.calls(0, 20)
	f.clock.Advance(30 * time.Second)
	fault, sent := f.org.Fault, 0
	f.org.Fault = func(r fake.Request) fake.Fault {
		if sent++; sent > 1 {
			return fault(r)
		}
		f.clock.Advance(10 * time.Second)
		if err := f.calls(1, 0); !isOpen(err) {
			t.Errorf("another call during the probe: %v", err)
		}
		return fault(r)
	}
	f.calls(0, 1)
	if sent != 1 {
		t.Errorf("%d requests", sent)
	}
}

func TestCallsFromBeforeItOpenedSayNothing(t *testing.T) {
	f := failing(t)
	begun, ended := 0, 0
	f.org.Fault = func(r fake.Request) fake.Fault {
		if r.Path == "/oauth/token" {
			return fake.None
		}
		// 40 calls are under way before the first one fails.
		if begun++; begun < 40 {
			f.calls(0, 1)
		}
		// The first 20 have opened it.
		if ended++; ended == 21 {
			f.clock.Advance(15 * time.Second)
		}
		return fake.Unavailable
	}
	f.calls(0, 1)
	if err := f.calls(0, 1); !isOpen(err) || !strings.Contains(err.Error(), "in 15 s") {
		t.Errorf("it must not stay open for longer: %v", err)
	}
	if begun != 40 {
		t.Errorf("%d requests", begun)
	}
}

// cancelled makes a call that whoever made it does not wait for.
func (f *fixture) cancelled(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	before := f.org.Fault
	defer func() { f.org.Fault = before }()
	f.org.Fault = func(fake.Request) fake.Fault {
		cancel()
		return fake.AnswerLost
	}
	if _, err := f.api.OrganizationID(ctx); err == nil || isOpen(err) {
		t.Fatalf("the call must be cancelled: %v", err)
	}
}

func TestACancelledCallSaysNothing(t *testing.T) {
	f := failing(t)
	f.calls(1, 0)
	for range 30 {
		f.cancelled(t)
	}
	if err := f.calls(1, 0); err != nil {
		t.Errorf("it must be closed: %s", err)
	}
}

func TestAfterACancelledProbeTheNextCallIsTheProbe(t *testing.T) {
	f := failing(t)
	f.calls(0, 20)
	f.clock.Advance(30 * time.Second)
	f.cancelled(t)
	if err := f.calls(0, 1); isOpen(err) {
		t.Errorf("the next call must be sent: %s", err)
	}
	if err := f.calls(1, 0); !isOpen(err) {
		t.Errorf("it must stay open when that fails: %v", err)
	}
}

func TestARefusalIsNoFailure(t *testing.T) {
	f := setUp(t)
	clock := &queued{Clock: f.clock}
	sender := senderOf(f.clock, f.org)
	sender.Clock, sender.Limiter = clock, platform.NewLimiter(clock)
	f.api.Sender = sender
	refused := 0
	f.org.Fault = func(r fake.Request) fake.Fault {
		if r.Path == "/oauth/token" {
			return fake.None
		}
		refused++
		return fake.TooMany
	}
	for range 10 {
		if err := f.calls(1, 0); isOpen(err) {
			t.Fatal(err)
		}
	}
	if refused != 40 {
		t.Errorf("%d requests within a minute were refused with 429", refused)
	}
	f.org.Fault = nil
	wrong := newClient
	wrong.Grants = []platform.RoleDivision{{RoleID: "role-9", DivisionID: "*"}}
	for range 20 {
		if _, err := f.api.Create(ctx, wrong); !platform.IsRefusedRequest(err) {
			t.Fatal(err)
		}
	}
}

func TestARetryThatTheBreakerStopsTellsTheFailure(t *testing.T) {
	f := setUp(t)
	f.calls(1, 0)
	f.org.Fault = func(fake.Request) fake.Fault { return fake.Unavailable }
	var failed *platform.Error
	for range 4 {
		if !errors.As(f.calls(1, 0), &failed) || failed.Status != 503 || failed.Attempts != 4 {
			t.Fatal(failed)
		}
	}
	// 17 requests so far: the third of this call opens the breaker.
	if !errors.As(f.calls(1, 0), &failed) || failed.Status != 503 || failed.Attempts != 3 || !failed.Uncertain {
		t.Errorf("%v after %d attempts", failed, failed.Attempts)
	}
}

func TestNobodyWaitsInTheQueueOfAnOpenBreaker(t *testing.T) {
	f := failing(t)
	f.calls(0, 20)
	started := f.clock.Now()
	for range 500 {
		if err := f.calls(1, 0); !isOpen(err) {
			t.Fatal(err)
		}
	}
	if waited := f.clock.Now().Sub(started); waited > 0 {
		t.Errorf("waited %s", waited)
	}
}
