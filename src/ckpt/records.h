/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session.h"

G_BEGIN_DECLS

void records_show (Session  *session,
                   gpointer  user_data);

G_END_DECLS
