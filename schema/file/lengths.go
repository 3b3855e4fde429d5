package file

// checkLengths compares the lengths with what the files themselves say of the tenant.
func (d *folder) checkLengths() {
	root := d.c.Root()
	if root == nil {
		return
	}
	own := d.tenant.Object(root.Word)
	if own == nil {
		return
	}
	for _, o := range d.tenant.Objects {
		for _, f := range o.Kind.Fields {
			if want := o.OtherLength(f, own.Values); want != 0 && !o.Absent {
				d.problems = append(d.problems, o.WrongLength(f, want))
			}
		}
	}
}
