# SPDX-License-Identifier: MIT
# lib/core: what is done. The frame and its journal, then one family of use cases a file.
libtixcore_a_SOURCES += \
	lib/core/alias.c lib/core/alias.h \
	lib/core/backup.c lib/core/backup.h \
	lib/core/call.h \
	lib/core/cancel.c \
	lib/core/change.c lib/core/change.h \
	lib/core/complete.c \
	lib/core/files.c \
	lib/core/filter.c lib/core/filter.h \
	lib/core/frame.c lib/core/frame.h \
	lib/core/hold.c lib/core/hold.h \
	lib/core/idem.c \
	lib/core/job.c lib/core/job.h lib/core/job.def lib/core/job_kind.h \
	lib/core/job_rec.c \
	lib/core/job_slice.c \
	lib/core/journal.c lib/core/journal.h \
	lib/core/lookup.c lib/core/lookup.h lib/core/lookup_key.c lib/core/lookup_key.h \
	lib/core/lookup_find.c \
	lib/core/money_rec.c lib/core/money_rec.h \
	lib/core/odd.c lib/core/odd.h \
	lib/core/offer.c lib/core/offer.h \
	lib/core/open.c \
	lib/core/order.c lib/core/order.h \
	lib/core/order_explain.c \
	lib/core/event_search.c lib/core/event_search.h lib/core/amount.c lib/core/amount.h \
	lib/core/order_find.c lib/core/order_find.h lib/core/order_list.c \
	lib/core/order_log.c lib/core/order_log.h \
	lib/core/order_part.c lib/core/order_part.h \
	lib/core/order_rec.c lib/core/order_rec.h \
	lib/core/order_show.c \
	lib/core/order_since.c lib/core/order_since.h \
	lib/core/order_write.c \
	lib/core/page.c lib/core/page.h \
	lib/core/payment.c lib/core/payment.h \
	lib/core/pending.c lib/core/pending.h \
	lib/core/purge.c \
	lib/core/refund.c lib/core/refund.h lib/core/refund_kept.c lib/core/refund_kept.h \
	lib/core/report.c lib/core/report.h lib/core/sales.c lib/core/sales.h \
	lib/core/sale.c lib/core/sale.h \
	lib/core/ticket.c lib/core/ticket.h \
	lib/core/writer.h lib/core/writer_state.h

# The catalogue, its stock, import and audit.
libtixcore_a_SOURCES += \
	lib/core/audit.c lib/core/audit.h lib/core/audit_law.h \
	lib/core/audit_catalogue.c \
	lib/core/audit_jobs.c \
	lib/core/audit_journal.c \
	lib/core/audit_keys.c \
	lib/core/audit_orders.c \
	lib/core/audit_stock.c \
	lib/core/audit_store.c \
	lib/core/audit_walk.c \
	lib/core/block.c lib/core/block.h \
	lib/core/bookmark.c lib/core/bookmark.h \
	lib/core/delete.c lib/core/delete.h \
	lib/core/call.c \
	lib/core/category.c lib/core/category.h lib/core/category_move.c \
	lib/core/clone.c lib/core/clone.h \
	lib/core/doctor.c lib/core/doctor.h lib/core/doctor_note.c lib/core/doctor_note.h \
	lib/core/doctor_order.c \
	lib/core/event.c lib/core/event.h \
	lib/core/event_cancel.c lib/core/event_cancel.h \
	lib/core/event_clone.c lib/core/event_clone.h \
	lib/core/event_list.c \
	lib/core/event_row.c lib/core/event_row.h \
	lib/core/export.c lib/core/export.h \
	lib/core/export_order.c \
	lib/core/export_job.c lib/core/export_job.h \
	lib/core/guess.c lib/core/guess.h \
	lib/core/import.c lib/core/import.h lib/core/import_work.h \
	lib/core/import_job.c lib/core/import_job.h \
	lib/core/import_order.c lib/core/import_order.h \
	lib/core/import_order_read.c \
	lib/core/import_order_seats.c \
	lib/core/import_order_write.c \
	lib/core/import_slug.c \
	lib/core/import_stock.c \
	lib/core/import_write.c \
	lib/core/person.c lib/core/person.h lib/core/person_find.c lib/core/person_find.h \
	lib/core/organizer.c lib/core/organizer.h \
	lib/core/quota.c lib/core/quota.h lib/core/quota_move.c \
	lib/core/quota_row.c lib/core/quota_row.h \
	lib/core/restore.c \
	lib/core/rows.c lib/core/rows.h \
	lib/core/redirect.c lib/core/redirect.h \
	lib/core/scope.c lib/core/scope.h \
	lib/core/show.c lib/core/show.h \
	lib/core/target.c lib/core/target.h \
	lib/core/venue.c lib/core/venue.h \
	lib/core/window.c lib/core/window.h
