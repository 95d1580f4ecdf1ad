package bench

import (
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"example.com/messaging/internal/settings"
)

const nearly = 0.98 // of the assumed rate: a sender's steps do not end on the second

// Report is what was found, to be held against what was assumed.
type Report struct {
	settings  settings.Settings
	sent      int
	took      time.Duration
	lag       int // not consumed when the last was sent
	latencies []time.Duration
}

// Holds is true when the rate was reached, in time, and everything arrived.
func (r Report) Holds() bool {
	return r.keepsRate() && r.keepsLatency() && r.isComplete()
}

func (r Report) rate() float64 {
	return float64(r.sent) / r.took.Seconds()
}

func (r Report) keepsRate() bool {
	return r.rate() >= nearly*float64(r.settings.AssumedMessagesPerSecond)
}

func (r Report) keepsLatency() bool {
	return r.milliseconds(99) <= float64(r.settings.AssumedLatencyMS)
}

func (r Report) isComplete() bool {
	return len(r.latencies) == r.sent
}

// That percentile, by nearest rank; endless where nothing arrived.
func (r Report) milliseconds(percent float64) float64 {
	if len(r.latencies) == 0 {
		return math.Inf(1)
	}
	ordered := slices.Sorted(slices.Values(r.latencies))
	return float64(ordered[int(math.Ceil(percent/100*float64(len(ordered))))-1].Microseconds()) / 1000
}

// Print writes the report as a few lines.
func (r Report) Print(output io.Writer) {
	assumed := r.settings
	row := func(name, format string, values ...any) {
		fmt.Fprintf(output, "%-10s %s\n", name, fmt.Sprintf(format, values...))
	}
	row("messages", "%d of %d bytes in %.1f s", r.sent, assumed.AssumedMessageBytes, r.took.Seconds())
	row("rate", "%.0f/s, assumed %d/s  (%s)", r.rate(), assumed.AssumedMessagesPerSecond, word(r.keepsRate()))
	row("latency", "p50 %.0f ms, p95 %.0f ms, p99 %.0f ms, assumed p99 %d ms  (%s)",
		r.milliseconds(50), r.milliseconds(95), r.milliseconds(99), assumed.AssumedLatencyMS, word(r.keepsLatency()))
	row("lag", "%d when the sending ended", r.lag)
	row("arrived", "%d of %d  (%s)", len(r.latencies), r.sent, word(r.isComplete()))
	verdict := "do not hold"
	if r.Holds() {
		verdict = "hold"
	}
	fmt.Fprintf(output, "The assumptions %s against this broker.\n", verdict)
}

func word(holds bool) string {
	if holds {
		return "holds"
	}
	return "does not hold"
}
