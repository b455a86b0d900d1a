// Package stackdriver replaces a sink for metrics, which no test writes: its API takes long to compile.
package stackdriver

import (
	monitoring "cloud.google.com/go/monitoring/apiv3"
	metrics "github.com/armon/go-metrics"
)

type Config struct {
	LabelExtractor, Bucketer       any
	ProjectID, Location, Namespace string
	DebugLogs                      bool
}

func NewSink(*monitoring.MetricClient, *Config) *metrics.BlackholeSink {
	return &metrics.BlackholeSink{}
}
