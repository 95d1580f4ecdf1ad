package bench

import (
	"fmt"
	"os"
	"strings"
	"time"
)

const barWidth = 30

// A bar on standard error, drawn only where somebody looks: on a terminal.
type progress struct {
	over, gone chan struct{}
}

func startProgress(duration time.Duration, counts func() (sent, received int)) *progress {
	p := &progress{over: make(chan struct{}), gone: make(chan struct{})}
	go func() {
		defer close(p.gone)
		if isTerminal(os.Stderr) {
			p.draw(duration, counts)
		}
	}()
	return p
}

func (p *progress) draw(duration time.Duration, counts func() (sent, received int)) {
	defer fmt.Fprint(os.Stderr, "\r\033[K")
	started, tick := time.Now(), time.NewTicker(200*time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.over:
			return
		case <-tick.C:
		}
		share := min(1, time.Since(started).Seconds()/duration.Seconds())
		bar := strings.Repeat("█", int(share*barWidth))
		sent, received := counts()
		fmt.Fprintf(os.Stderr, "\r%-*s %3.0f %%  %d sent, %d received\033[K", barWidth, bar, 100*share, sent, received)
	}
}

func (p *progress) stop() {
	close(p.over)
	<-p.gone
}

func isTerminal(file *os.File) bool {
	about, err := file.Stat()
	return err == nil && about.Mode()&os.ModeCharDevice != 0
}
