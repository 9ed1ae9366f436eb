/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

double plot_random_double (void);
double plot_parse_number  (const char *text);

G_END_DECLS
