/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the help of a subcommand that takes a path or glob says about them; to be translated with _(). */
extern const char *const paths_help;
