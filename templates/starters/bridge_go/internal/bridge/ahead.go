package bridge

import "github.com/twmb/franz-go/pkg/kgo"

// By partition, the offsets that are done behind a record that is left. They are read again with it, and not sent twice.
type ahead map[int32]map[int64]bool

func (a ahead) without(records []*kgo.Record) []*kgo.Record {
	var others []*kgo.Record
	for _, record := range records {
		if !a[record.Partition][record.Offset] {
			others = append(others, record)
		}
	}
	return others
}

func (a ahead) update(records []*kgo.Record, left map[*kgo.Record]bool) {
	isBehind := map[int32]bool{}
	for _, record := range records {
		switch offsets := a[record.Partition]; {
		case left[record]:
			isBehind[record.Partition] = true
		case !isBehind[record.Partition]:
			delete(offsets, record.Offset)
		case offsets == nil:
			a[record.Partition] = map[int64]bool{record.Offset: true}
		default:
			offsets[record.Offset] = true
		}
	}
}
