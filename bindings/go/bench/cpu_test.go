package bench

import (
	"syscall"
	"time"
)

// cpuTime is the time that all threads of this process have worked: on a busy machine, what
// counts.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
