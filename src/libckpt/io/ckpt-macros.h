/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* The library is built with hidden visibility; what a program may call is marked with this. */
#define CKPT_EXPORT __attribute__ ((visibility ("default"))) extern

/**
 * CkptProgressFunc:
 * @done: bytes done so far
 * @total: bytes to do, or 0 if it is not known
 *
 * Told now and then how far a long call has come. Runs on the calling thread of that call.
 */
typedef void (*CkptProgressFunc) (guint64 done, guint64 total, gpointer user_data);
