/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

typedef enum
{
  CKPT_OP_MARK = '(',
  CKPT_OP_STOP = '.',
  CKPT_OP_POP = '0',
  CKPT_OP_POP_MARK = '1',
  CKPT_OP_DUP = '2',
  CKPT_OP_FLOAT = 'F',
  CKPT_OP_INT = 'I',
  CKPT_OP_BININT = 'J',
  CKPT_OP_BININT1 = 'K',
  CKPT_OP_LONG = 'L',
  CKPT_OP_BININT2 = 'M',
  CKPT_OP_NONE = 'N',
  CKPT_OP_PERSID = 'P',
  CKPT_OP_BINPERSID = 'Q',
  CKPT_OP_REDUCE = 'R',
  CKPT_OP_STRING = 'S',
  CKPT_OP_BINSTRING = 'T',
  CKPT_OP_SHORT_BINSTRING = 'U',
  CKPT_OP_UNICODE = 'V',
  CKPT_OP_BINUNICODE = 'X',
  CKPT_OP_APPEND = 'a',
  CKPT_OP_BUILD = 'b',
  CKPT_OP_GLOBAL = 'c',
  CKPT_OP_DICT = 'd',
  CKPT_OP_EMPTY_DICT = '}',
  CKPT_OP_APPENDS = 'e',
  CKPT_OP_GET = 'g',
  CKPT_OP_BINGET = 'h',
  CKPT_OP_INST = 'i',
  CKPT_OP_LONG_BINGET = 'j',
  CKPT_OP_LIST = 'l',
  CKPT_OP_EMPTY_LIST = ']',
  CKPT_OP_OBJ = 'o',
  CKPT_OP_PUT = 'p',
  CKPT_OP_BINPUT = 'q',
  CKPT_OP_LONG_BINPUT = 'r',
  CKPT_OP_SETITEM = 's',
  CKPT_OP_TUPLE = 't',
  CKPT_OP_EMPTY_TUPLE = ')',
  CKPT_OP_SETITEMS = 'u',
  CKPT_OP_BINFLOAT = 'G',
  CKPT_OP_PROTO = 0x80,
  CKPT_OP_NEWOBJ = 0x81,
  CKPT_OP_EXT1 = 0x82,
  CKPT_OP_EXT2 = 0x83,
  CKPT_OP_EXT4 = 0x84,
  CKPT_OP_TUPLE1 = 0x85,
  CKPT_OP_TUPLE2 = 0x86,
  CKPT_OP_TUPLE3 = 0x87,
  CKPT_OP_NEWTRUE = 0x88,
  CKPT_OP_NEWFALSE = 0x89,
  CKPT_OP_LONG1 = 0x8a,
  CKPT_OP_LONG4 = 0x8b,
  CKPT_OP_BINBYTES = 'B',
  CKPT_OP_SHORT_BINBYTES = 'C',
  CKPT_OP_SHORT_BINUNICODE = 0x8c,
  CKPT_OP_BINUNICODE8 = 0x8d,
  CKPT_OP_BINBYTES8 = 0x8e,
  CKPT_OP_EMPTY_SET = 0x8f,
  CKPT_OP_ADDITEMS = 0x90,
  CKPT_OP_FROZENSET = 0x91,
  CKPT_OP_NEWOBJ_EX = 0x92,
  CKPT_OP_STACK_GLOBAL = 0x93,
  CKPT_OP_MEMOIZE = 0x94,
  CKPT_OP_FRAME = 0x95,
  CKPT_OP_BYTEARRAY8 = 0x96,
  CKPT_OP_NEXT_BUFFER = 0x97,
  CKPT_OP_READONLY_BUFFER = 0x98,
} CkptOpcode;

/* Items that Python's picklers put into a container with one opcode. */
#define CKPT_PICKLE_BATCH 1000u

/* How the argument of an opcode is written. */
typedef enum
{
  CKPT_ARG_NONE,
  CKPT_ARG_FIXED,  /* so many bytes */
  CKPT_ARG_LINE,   /* text up to a newline */
  CKPT_ARG_LINES,  /* two of them */
  CKPT_ARG_COUNT1, /* a count of 1, 4 or 8 bytes, and so many bytes */
  CKPT_ARG_COUNT4,
  CKPT_ARG_COUNT4_SIGNED,
  CKPT_ARG_COUNT8,
} CkptArgument;

/**
 * CkptOpcodeInfo:
 * @name: as Python's pickletools prints it, or NULL for a byte that is no opcode
 * @protocol: the pickle protocol that brought it
 * @argument: how its argument is written
 * @size: bytes of a fixed argument
 */
typedef struct
{
  const char *name;
  guint8 protocol;
  guint8 argument;
  guint8 size;
} CkptOpcodeInfo;

const CkptOpcodeInfo *ckpt_opcode_get_info (guint8 opcode);

G_END_DECLS
